import Calibration
import Combinations
import KeywordRules
import LinearModels
import NearestNeighbors
import SemiSupervised
import TextClassification
import TextFeatures
import TopicModels

extension Registry {
    /// A registry of everything that comes with the toolkit.
    public static func standard() -> Registry {
        var registry = Registry()
        registry.register(TFIDFVectorizer.self)
        registry.register(HashingVectorizer.self)
        registry.register(KeywordVectorizer.self)
        registry.register(NMF.self)
        registry.register(ArchiveVectors.self)
        registry.register(LogisticRegression.self)
        registry.register(LinearSVM.self)
        registry.register(OnlineLogisticRegression.self)
        registry.register(NBWeighted.self)
        registry.register(Ridge.self)
        registry.register(PassiveAggressive.self)
        registry.register(MultinomialNaiveBayes.self)
        registry.register(ComplementNaiveBayes.self)
        registry.register(BernoulliNaiveBayes.self)
        registry.register(NearestCentroid.self)
        registry.register(NearestNeighbors.self)
        registry.register(KeywordRules.self)
        registry.register(SoftVoting.self)
        registry.register(Stacking.self)
        registry.register(LinkFunction.self)
        registry.register(TemperatureScaling.self)
        registry.register(PlattScaling.self)
        registry.register(IsotonicCalibration.self)
        registry.register(MostProbableLabel.self)
        registry.register(FixedThreshold.self)
        registry.register(CrossValidatedThresholds.self)
        registry.register(ConformalSets.self)
        registry.register(recipes: Recipe.standard)
        return registry
    }
}
