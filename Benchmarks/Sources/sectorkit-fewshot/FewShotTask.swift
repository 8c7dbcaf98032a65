import CorpusFormats
import LinearAlgebra
import SemiSupervised
import TextClassification
import TextFeatures

/// A data set as a task of few labels: an archive, of which some articles may keep their labels, and test articles.
struct FewShotTask {
    let archive: [Article]
    let test: [Article]
    let labels: LabelSet
    let isMultiLabel: Bool
    /// Whether probabilities are cut at one half, as the recipe of the sectors has it.
    let keepsScores: Bool
    /// Whether macro-F1 is the figure of a single-label set, for skewed ones.
    private let isSkewed: Bool
    /// The articles that may be drawn.
    private let drawable: [Int]
    let terms: TFIDFParameters

    /// The ten largest categories of Reuters-21578.
    private static let largestCategories = [
        "earn", "acq", "money-fx", "grain", "crude", "trade", "interest", "ship", "wheat", "corn",
    ]

    /// Which sixth of the training part stands in for the test part.
    enum Development { case random, last }

    init(_ set: String, folder: String, seeds: String, development: Development?) throws {
        func read(_ path: String) throws -> [Article] { try Array(ArticleReader().read(.path(path)).articles) }
        var terms = TFIDFParameters()
        terms.wordNgrams = LengthRange(1...1)
        terms.minimumDocumentFrequency = 2
        terms.stopWords = .english
        isMultiLabel = set == "reuters-modapte" || set == "sectors"
        keepsScores = set == "sectors"
        isSkewed = set == "reuters-r8"
        if set == "sectors" {
            terms.titleWeight = 2
            terms.minimumDocumentFrequency = 5
            let drawn = try read(seeds + "/articles.jsonl")
            drawable = Array(drawn.indices)
            archive = drawn + (try read(folder + "/news_archive.jsonl"))
            test = try read(folder + "/sector-dev.jsonl")
            labels = LabelSet(["trade", "security", "tech", "cyber"])
            self.terms = terms
            return
        }
        var train = try read("\(folder)/\(set)/train.jsonl")
        var test: [Article] = []
        if set == "20newsgroups" { train = train.map(Self.subjectAndBody) }
        if development == .last, set != "ag-news" {
            // The last sixth of the articles of each first label.
            var places: [String: [Int]] = [:]
            for place in train.indices { places[train[place].labels?.first ?? "", default: []].append(place) }
            let isHeld = Set(places.values.flatMap { $0.suffix($0.count / 6) })
            test = isHeld.sorted().map { train[$0] }
            train = train.indices.filter { !isHeld.contains($0) }.map { train[$0] }
        } else if development == .random || set == "ag-news" {
            // AG News has no test part here: a fixed sixth of the training part is one, and another is for development.
            var generator = RandomGenerator(seed: 4711)
            let order = generator.permutation(train.count)
            let sixth = train.count / 6
            let held = development != nil && set == "ag-news" ? order[sixth..<2 * sixth] : order[..<sixth]
            let isHeld = Set(held)
            // What is held out for the other purpose is not learnt from.
            let unused = set == "ag-news" ? Set(order[..<sixth]) : []
            test = held.sorted().map { train[$0] }
            train = train.indices.filter { !isHeld.contains($0) && !unused.contains($0) }.map { train[$0] }
        } else {
            test = try read("\(folder)/\(set)/test.jsonl")
            if set == "20newsgroups" { test = test.map(Self.subjectAndBody) }
        }
        archive = train
        self.test = test
        drawable = Array(train.indices)
        labels =
            isMultiLabel ? LabelSet(Self.largestCategories) : LabelSet(Set(train.flatMap { $0.labels ?? [] }).sorted())
        self.terms = terms
    }

    /// A message reduced to its subject line, as the title, and its body.
    static func subjectAndBody(_ message: Article) -> Article {
        var article = message
        let lines = message.text.split(separator: "\n", omittingEmptySubsequences: false)
        let end = lines.firstIndex { $0.allSatisfy(\.isWhitespace) } ?? lines.count
        let subject = lines[..<end].first { $0.lowercased().hasPrefix("subject:") }
        article.title = subject.map { String($0.dropFirst("subject:".count)) } ?? ""
        article.text = lines[min(end + 1, lines.count)...].joined(separator: "\n")
        return article
    }

    func classes(of article: Article) -> [Int] { (article.labels ?? []).compactMap(labels.position) }

    /// The positions in the archive of so many articles of each label, and for several labels an article as many with none, at random.
    func drawn(_ count: Int, seed: UInt64) -> [Int] {
        var generator = RandomGenerator(seed: seed)
        var chosen: Set<Int> = []
        var drawn: [Int] = []
        for label in 0..<labels.count + (isMultiLabel ? 1 : 0) {
            let members = drawable.filter {
                let classes = classes(of: archive[$0])
                return label == labels.count ? classes.isEmpty : classes.contains(label)
            }
            for place in generator.permutation(members.count).prefix(count) where chosen.insert(members[place]).inserted {
                drawn.append(members[place])
            }
        }
        return drawn
    }

    /// Accuracy, macro-F1 of a skewed set, or micro- and macro-F1 of a multi-label one, on the test articles.
    func score(_ outcome: FewLabelStudy.Outcome, kept labelled: [Int]) -> [Double] {
        let k = labels.count
        var (hits, given, true_) = (
            [Double](repeating: 0, count: k), [Double](repeating: 0, count: k), [Double](repeating: 0, count: k)
        )
        for (number, article) in test.enumerated() {
            let first = (archive.count + number) * k
            let probabilities = Array(outcome.probabilities[first..<first + k])
            let truth = Set(classes(of: article))
            for label in 0..<k {
                let isGiven =
                    outcome.thresholds.map { probabilities[label] >= $0[label] }
                    ?? (probabilities.indices.max { probabilities[$0] < probabilities[$1] } == label)
                if isGiven { given[label] += 1 }
                if truth.contains(label) { true_[label] += 1 }
                if isGiven, truth.contains(label) { hits[label] += 1 }
            }
        }
        let macro = (0..<k).reduce(0) { $0 + 2 * hits[$1] / max(1, given[$1] + true_[$1]) } / Double(k)
        let micro = 2 * hits.reduce(0, +) / max(1, given.reduce(0, +) + true_.reduce(0, +))
        if isMultiLabel { return [micro, macro] }
        return isSkewed ? [macro] : [micro]
    }
}
