import CKernels

extension Array where Element: BitwiseCopyable {
    /// An empty array with room for so many elements, in large pages where the system has them: see `reserveLargePages`.
    public init(largeCapacity capacity: Int) {
        self = []
        reserveLargePages(capacity)
    }

    /// An array of `count` times the same element, in large pages where the system has them.
    public init(largeRepeating element: Element, count: Int) {
        self.init(largeCapacity: count)
        append(contentsOf: repeatElement(element, count: count))
    }

    /// Reserves room for so many elements and asks the system to map it in large pages when it is touched.
    ///
    /// Filling memory for the first time costs a page fault for every 4 kB, a third of the time of what fills it here; in pages of 2 MB it costs
    /// next to nothing. What is reserved and never touched takes no memory, but for the last page. Small arrays are left alone.
    public mutating func reserveLargePages(_ capacity: Int) {
        guard capacity > self.capacity else { return }
        reserveCapacity(capacity)
        unsafe withUnsafeMutableBufferPointer { buffer in
            unsafe sk_advise_large_pages(buffer.baseAddress, capacity * MemoryLayout<Element>.stride)
        }
    }
}

/// Gives the memory that is free back to the system, where it can be done: without it, what many small things took stays with the program when
/// they are gone.
public func giveBackFreeMemory() { sk_give_back_memory() }

/// Has all threads take memory from one heap from now on: for a program whose threads use theirs again and again. Otherwise each thread has a heap
/// of its own, and what one has given free serves no other.
public func shareMemory() { sk_share_memory() }
