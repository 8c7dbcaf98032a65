import TextClassification

extension LinearModel {
    /// The model of what a solver finds, with what there is to say of it reported: what it did, and advice where it did not converge.
    /// - Throws: `TrainingError` for what stops the solver.
    init(
        fittedBy component: String, _ context: TrainingContext, advice: (LinearSolution) -> String,
        solve: () throws(LinearSolverError) -> LinearSolution
    ) throws(TrainingError) {
        let solution: LinearSolution
        do {
            solution = try solve()
        } catch {
            switch error {
            case .cancelled: throw .cancelled
            case .notFinite: throw .notFinite(component: component, what: "the objective")
            }
        }
        context.report(.note(solution.note))
        if !solution.converged { context.report(.warning(advice(solution))) }
        self.init(solution)
    }
}
