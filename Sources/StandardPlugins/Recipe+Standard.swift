import SemiSupervised
import TextClassification

extension Recipe {
    /// The recipes that come with the toolkit; the first one is the default.
    public static let standard: [Recipe] =
        [
            Recipe(
                name: "words",
                summary: "logistic regression on words and pairs of words: fast, small, good from a few hundred articles",
                featureExtractor: ComponentConfiguration("tfidf"),
                classifier: ComponentConfiguration("logistic-regression", ["inverseRegularization": .number(10)]),
                calibrator: ComponentConfiguration("link"), decisionRule: ComponentConfiguration("cross-validated-thresholds")),
            Recipe(
                name: "words-and-characters",
                summary:
                    "logistic regression on words and n-grams of characters: better with few articles and with inflected languages",
                featureExtractor: ComponentConfiguration(
                    "tfidf",
                    [
                        "wordNgrams": .text("1-2"), "characterNgrams": .text("3-5"), "minimumDocumentFrequency": .integer(2),
                    ]),
                classifier: ComponentConfiguration("logistic-regression", ["inverseRegularization": .number(10)]),
                calibrator: ComponentConfiguration("link"), decisionRule: ComponentConfiguration("cross-validated-thresholds")),
            Recipe(
                name: "sectors",
                summary:
                    "the recipe of the shipped model: words and parts of words, classes balanced so that 0.5 is a fair threshold",
                featureExtractor: ComponentConfiguration(
                    "tfidf",
                    [
                        "wordNgrams": .text("1-1"), "characterNgrams": .text("3-5"), "minimumDocumentFrequency": .integer(2),
                        "stopWords": .text("english"), "titleWeight": .number(2),
                    ]),
                classifier: ComponentConfiguration(
                    "logistic-regression", ["inverseRegularization": .number(100), "classWeight": .text("balanced")]),
                calibrator: ComponentConfiguration("link"), decisionRule: ComponentConfiguration("fixed-threshold")),
            Recipe(
                name: "topics-logistic",
                summary: "logistic regression on topics alone: a small model that can be read; costs accuracy",
                featureExtractor: ComponentConfiguration(
                    "tfidf",
                    [
                        "wordNgrams": .text("1-1"), "minimumDocumentFrequency": .integer(2), "stopWords": .text("english"),
                        "minimumWordLength": .integer(2), "maximumFeatures": .integer(50_000),
                    ]),
                featureTransformers: [ComponentConfiguration("nmf", ["initialization": .text("guided")])],
                classifier: ComponentConfiguration(
                    "logistic-regression", ["solver": .text("newton"), "inverseRegularization": .number(10)]),
                calibrator: ComponentConfiguration("link"), decisionRule: ComponentConfiguration("cross-validated-thresholds")),
            Recipe(
                name: "words-and-topics",
                summary: "logistic regression on words and, beside them, topics found in the same articles",
                featureExtractor: ComponentConfiguration("tfidf", ["wordNgrams": .text("1-1")]),
                featureTransformers: [
                    ComponentConfiguration(
                        "nmf",
                        ["initialization": .text("guided"), "output": .text("both"), "topicWeight": .number(0.5)])
                ],
                classifier: ComponentConfiguration("logistic-regression", ["inverseRegularization": .number(10)]),
                calibrator: ComponentConfiguration("link"), decisionRule: ComponentConfiguration("cross-validated-thresholds")),
            Recipe(
                name: "words-svm",
                summary: "support vector machine on words and pairs of words: often a little more accurate than \"words\"",
                featureExtractor: ComponentConfiguration("tfidf"), classifier: ComponentConfiguration("linear-svm"),
                calibrator: ComponentConfiguration("temperature"),
                decisionRule: ComponentConfiguration("cross-validated-thresholds")),
            Recipe(
                name: Recipe.fewLabelsName,
                summary:
                    "the recipe of training with an archive: logistic regression on words that occur in five articles or more",
                featureExtractor: ComponentConfiguration(
                    "tfidf",
                    ["wordNgrams": .text("1-1"), "minimumDocumentFrequency": .integer(5), "stopWords": .text("english")]),
                classifier: ComponentConfiguration("logistic-regression", ["inverseRegularization": .number(5)]),
                calibrator: ComponentConfiguration("link"), decisionRule: ComponentConfiguration("cross-validated-thresholds")),
            Recipe(
                name: Recipe.keywordsName,
                summary: "labels by keywords from a file (--keywords sectors.json), without any labelled article",
                featureExtractor: ComponentConfiguration("keywords"), classifier: ComponentConfiguration("keyword-rules"),
                calibrator: ComponentConfiguration("link"), decisionRule: ComponentConfiguration("fixed-threshold")),
            Recipe(
                name: "hashed-words", summary: "logistic regression on hashed words: memory bounded whatever the vocabulary",
                featureExtractor: ComponentConfiguration("hashing"),
                classifier: ComponentConfiguration("logistic-regression", ["inverseRegularization": .number(10)]),
                calibrator: ComponentConfiguration("link"), decisionRule: ComponentConfiguration("cross-validated-thresholds")),
            Recipe(
                name: "hashed-words-online",
                summary:
                    "logistic regression learnt row by row on hashed words: for more text than memory (train --maximum-memory)",
                featureExtractor: ComponentConfiguration("hashing", ["bits": .integer(20)]),
                classifier: ComponentConfiguration("online-logistic-regression"), calibrator: ComponentConfiguration("link"),
                decisionRule: ComponentConfiguration("cross-validated-thresholds")),
            Recipe(
                name: "updatable-words",
                summary: "logistic regression learnt row by row on hashed words, new ones as well: to go on with `update`",
                featureExtractor: ComponentConfiguration("hashing", ["keepsUnseen": .boolean(true)]),
                classifier: ComponentConfiguration("online-logistic-regression"), calibrator: ComponentConfiguration("link"),
                decisionRule: ComponentConfiguration("cross-validated-thresholds")),
        ] + others

    /// Recipes of the classifiers that are seldom the best, but quick, small or good to compare with.
    private static let others: [Recipe] = [
        Recipe(
            name: "words-ridge", summary: "regularised least squares on words and pairs of words",
            featureExtractor: ComponentConfiguration("tfidf"), classifier: ComponentConfiguration("ridge"),
            calibrator: ComponentConfiguration("temperature"), decisionRule: ComponentConfiguration("cross-validated-thresholds")),
        Recipe(
            name: "words-nbsvm",
            summary: "support vector machine on words and pairs of words weighted by naive Bayes: strong on short texts",
            featureExtractor: ComponentConfiguration("tfidf"),
            classifier: ComponentConfiguration("nb-weighted", ["loss": .text("squared-hinge")]),
            calibrator: ComponentConfiguration("temperature"), decisionRule: ComponentConfiguration("cross-validated-thresholds")),
        Recipe(
            name: "words-passive-aggressive", summary: "passive-aggressive classifier on words and pairs of words",
            featureExtractor: ComponentConfiguration("tfidf"), classifier: ComponentConfiguration("passive-aggressive"),
            calibrator: ComponentConfiguration("temperature"), decisionRule: ComponentConfiguration("cross-validated-thresholds")),
        Recipe(
            name: "naive-bayes", summary: "complement naive Bayes on words: trains in one pass, a good first figure",
            featureExtractor: ComponentConfiguration("tfidf", ["wordNgrams": .text("1-1")]),
            classifier: ComponentConfiguration("complement-naive-bayes"), calibrator: ComponentConfiguration("temperature"),
            decisionRule: ComponentConfiguration("cross-validated-thresholds")),
        Recipe(
            name: "naive-bayes-counts", summary: "multinomial naive Bayes on damped counts of words: the textbook's classifier",
            featureExtractor: ComponentConfiguration(
                "tfidf", ["wordNgrams": .text("1-1"), "useIDF": .boolean(false), "normalization": .text("none")]),
            classifier: ComponentConfiguration("multinomial-naive-bayes"), calibrator: ComponentConfiguration("temperature"),
            decisionRule: ComponentConfiguration("cross-validated-thresholds")),
        Recipe(
            name: "naive-bayes-presence", summary: "Bernoulli naive Bayes on frequent words, present or not: for short texts",
            featureExtractor: ComponentConfiguration(
                "tfidf",
                ["wordNgrams": .text("1-1"), "minimumDocumentFrequency": .integer(3), "maximumFeatures": .integer(20_000)]),
            classifier: ComponentConfiguration("bernoulli-naive-bayes"), calibrator: ComponentConfiguration("temperature"),
            decisionRule: ComponentConfiguration("cross-validated-thresholds")),
        Recipe(
            name: "nearest-centroid", summary: "the label whose mean article is nearest: from a handful of articles a label",
            featureExtractor: ComponentConfiguration("tfidf", ["wordNgrams": .text("1-1")]),
            classifier: ComponentConfiguration("nearest-centroid"), calibrator: ComponentConfiguration("temperature"),
            decisionRule: ComponentConfiguration("cross-validated-thresholds")),
        Recipe(
            name: "nearest-neighbors", summary: "the labels of the most similar training articles, which the model holds",
            featureExtractor: ComponentConfiguration(
                "tfidf", ["wordNgrams": .text("1-1"), "minimumDocumentFrequency": .integer(2), "stopWords": .text("english")]),
            classifier: ComponentConfiguration("nearest-neighbors"), calibrator: ComponentConfiguration("link"),
            decisionRule: ComponentConfiguration("cross-validated-thresholds")),
        Recipe(
            name: "words-voting",
            summary: "three classifiers on words and pairs of words vote with their probabilities: slower to train, steadier",
            featureExtractor: ComponentConfiguration("tfidf"),
            classifier: ComponentConfiguration("soft-voting", ["members": .components(combined)]),
            calibrator: ComponentConfiguration("link"), decisionRule: ComponentConfiguration("cross-validated-thresholds")),
        Recipe(
            name: "words-stacking",
            summary: "logistic regression on what three classifiers on words and pairs of words say: slower to train",
            featureExtractor: ComponentConfiguration("tfidf"),
            classifier: ComponentConfiguration("stacking", ["members": .components(combined)]),
            calibrator: ComponentConfiguration("link"), decisionRule: ComponentConfiguration("cross-validated-thresholds")),
    ]

    /// Three that err in different ways.
    private static let combined = [
        ComponentConfiguration("logistic-regression", ["inverseRegularization": .number(10)]),
        ComponentConfiguration("linear-svm"), ComponentConfiguration("complement-naive-bayes"),
    ]
}
