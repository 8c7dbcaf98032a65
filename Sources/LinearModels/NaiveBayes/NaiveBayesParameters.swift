import TextClassification

// The hyper-parameters that several kinds of naive Bayes have.
extension Hyperparameter {
    static func smoothing(_ path: any WritableKeyPath<Owner, Double> & Sendable) -> Hyperparameter {
        Hyperparameter(
            "smoothing", path, .number(1e-10...1000, .logarithmic), search: .number(0.001...2, .logarithmic),
            help: "alpha: what is added to every count (Laplace 1, Lidstone less)")
    }

    static func fitsPrior(_ path: any WritableKeyPath<Owner, Bool> & Sendable) -> Hyperparameter {
        Hyperparameter("fitsPrior", path, .boolean, help: "whether frequent labels are likelier before anything is read")
    }
}
