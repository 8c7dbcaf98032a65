import CAllocationCounter
import LinearAlgebra
import Testing
import TextClassification
import TopicModels

@Suite struct AllocationTests {
    /// A thousand articles more cost no allocation more.
    @Test func foldingInAllocatesNothingPerArticle() throws {
        var parameters = NMFParameters()
        parameters.topics = 7
        for loss in NMFParameters.Loss.allCases {
            parameters.loss = loss
            let planted = PlantedTopics()
            let model = try NMF(parameters).fitted(to: planted.rows, targets: nil, context: TrainingContext())
            let few = planted.rows.selectingRows(Array(0..<10))
            let many = planted.rows.selectingRows((0..<1010).map { $0 % 240 })
            var output = SparseMatrix(columnCount: model.featureCount)
            output.reserveCapacity(rowCount: 2000, elementCount: 20_000)
            func allocations(_ rows: SparseMatrix) -> Int64 {
                output.removeAll(keepingCapacity: true)
                let before = sk_allocation_count()
                model.transform(rows, into: &output)
                return sk_allocation_count() - before
            }
            _ = allocations(few)
            #expect(allocations(few) == allocations(many))
        }
    }
}
