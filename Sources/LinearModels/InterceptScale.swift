/// How strongly a dual solver holds an intercept near its centre between two epochs.
///
/// The intercept is the weight of a constant feature of square B², penalised for its deviation from a centre that moves along
/// (`recenterIntercept`). A large B² lets every visit shake the intercept, a small one takes many epochs to reach the optimum.
/// Measured on TF-IDF rows (100 to 30,000 samples, C from 0.1 to 1000): with B² = 100 / Σ_i C_i v_c, v_c the variance of the
/// class's share, and no more than 0.3 / √C and 1, the intercepts cost at most an epoch or two over none at all.
enum InterceptScale {
    /// B² for each class.
    ///
    /// - Parameters:
    ///   - classCosts: the sum of C_i over the samples of each class.
    ///   - costs: C_i.
    static func squares(classCosts: [Double], costs: [Float]) -> [Float] {
        let total = costs.reduce(0.0) { $0 + Double($1) }
        let count = costs.count(where: { $0 > 0 })
        guard count > 0 else { return classCosts.map { _ in 0 } }
        let bound = min(1, 0.3 / (total / Double(count)).squareRoot())
        return classCosts.map { classCost in
            let share = classCost / total
            return Float(min(bound, 100 / (total * share * (1 - share))))
        }
    }
}
