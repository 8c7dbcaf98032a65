import LinearAlgebra

/// The losses that `DualBinarySolver` minimises.
public enum DualBinaryLoss: String, Sendable, CaseIterable, Codable {
    /// ln(1 + e^{−tz}): logistic regression.
    case logistic
    /// max(0, 1 − tz)²: the support vector machine of scikit-learn's `LinearSVC` (but for the intercept, penalised there).
    case squaredHinge = "squared-hinge"
    /// max(0, 1 − tz): the support vector machine as first described.
    case hinge
}

/// One loss in the dual: min over a of ½‖w‖² + Σ_i conjugate(a_i), w = Σ_i t_i a_i x_i. Four labels at a time.
///
/// Costs of zero stand for missing targets: their a is zero.
protocol DualLossStep: SendableMetatype {
    /// The a that minimises the dual along one coordinate, and an estimate of the coordinate's duality gap before.
    ///
    /// - Parameters:
    ///   - margin: m = t z.
    ///   - old: a before.
    ///   - cost: C_i.
    ///   - q: the squared norm of the sample, with that of the constant feature.
    static func visit(
        margin: SIMD4<Float>, old: SIMD4<Float>, cost: SIMD4<Float>, q: SIMD4<Float>
    ) -> (new: SIMD4<Float>, gap: SIMD4<Float>)

    /// The loss times the cost.
    static func loss(margin: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float>

    /// The conjugate's part of the dual objective.
    static func conjugate(_ a: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float>

    /// The nearest a that is allowed.
    static func bounded(_ a: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float>

    /// The second derivative of the loss, times the cost, where its first derivative is −a.
    static func curvature(_ a: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float>

    /// The derivative of the loss by the margin, negated, and its second derivative, both times the cost.
    static func derivatives(margin: SIMD4<Float>, cost: SIMD4<Float>) -> (first: SIMD4<Float>, second: SIMD4<Float>)
}

/// C ln(1 + e^{−m}); conjugate a ln(a/C) + (C − a) ln(1 − a/C), 0 < a < C (Yu, Huang & Lin 2011).
enum LogisticStep: DualLossStep {
    /// With a = C σ(θ) the optimum is the root of g(θ) = θ + q (C σ(θ) − a_old) + m. Where g(0) < 0 the roles of a and C − a are
    /// exchanged, so that θ ≤ 0, where g is convex: from any point Newton's method overshoots at most once, to 0 at most, and
    /// falls to the root from there. At the optimum of the whole θ = −m, so that is where it starts.
    @inline(__always)
    static func visit(
        margin: SIMD4<Float>, old: SIMD4<Float>, cost: SIMD4<Float>, q: SIMD4<Float>
    ) -> (new: SIMD4<Float>, gap: SIMD4<Float>) {
        let exchanged = (q * (0.5 * cost - old) + margin) .< 0
        let m = margin.replacing(with: -margin, where: exchanged)
        let oldPart = old.replacing(with: cost - old, where: exchanged)
        var theta = (-m).replacing(with: 0, where: m .< 0)
        var part = oldPart
        var gap = SIMD4<Float>.zero
        for iteration in 0..<8 {
            let e = SIMD4.exp(theta)
            let share = e / (e + 1)
            part = cost * share
            let excess = part - oldPart
            let variance = part * (1 - share)
            if iteration == 0 {
                let oldVariance = oldPart * (cost - oldPart)
                let scale = (variance * cost).replacing(with: oldVariance, where: oldVariance .> variance * cost)
                gap = 0.5 * (excess * excess) * cost / (scale + 1e-30)
            }
            let step = -(theta + q * excess + m) / (q * variance + 1)
            let next = theta + step
            theta = next.replacing(with: 0, where: next .> 0)
            if (step * step).total < 1e-3 {
                // So short a step needs no new exponential.
                part += variance * step
                break
            }
        }
        return (part.replacing(with: cost - part, where: exchanged), gap)
    }

    @inline(__always)
    static func loss(margin: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float> {
        let negative = margin .< 0
        let absolute = margin.replacing(with: -margin, where: negative)
        let tail = SIMD4.log(SIMD4.exp(-absolute) + 1)
        return cost * (tail + (-margin).replacing(with: 0, where: margin .> 0))
    }

    @inline(__always)
    static func conjugate(_ a: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float> {
        let share = a / (cost + 1e-30)
        return a * SIMD4.log(share) + (cost - a) * SIMD4.log(1 - share)
    }

    @inline(__always)
    static func bounded(_ a: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float> {
        let raised = a.replacing(with: 0, where: a .< 0)
        return raised.replacing(with: cost, where: raised .> cost)
    }

    @inline(__always)
    static func curvature(_ a: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float> {
        a * (cost - a) / (cost + 1e-30)
    }

    @inline(__always)
    static func derivatives(margin: SIMD4<Float>, cost: SIMD4<Float>) -> (first: SIMD4<Float>, second: SIMD4<Float>) {
        let share = 1 / (SIMD4.exp(margin) + 1)
        return (cost * share, cost * share * (1 - share))
    }
}

/// C max(0, 1 − m)²; conjugate a² / 4C − a, a ≥ 0 (Hsieh, Chang, Lin, Keerthi & Sundararajan 2008).
enum SquaredHingeStep: DualLossStep {
    @inline(__always)
    static func visit(
        margin: SIMD4<Float>, old: SIMD4<Float>, cost: SIMD4<Float>, q: SIMD4<Float>
    ) -> (new: SIMD4<Float>, gap: SIMD4<Float>) {
        let diagonal = 0.5 / (cost + 1e-20)
        let slope = margin - 1 + diagonal * old
        let next = old - slope / (q + diagonal)
        let bounded = next.replacing(with: 0, where: (next .< 0) .| (cost .<= 0))
        let slack = 1 - margin
        let gap = Self.loss(margin: margin, cost: cost) + 0.5 * diagonal * old * old - old * slack
        return (bounded, gap)
    }

    @inline(__always)
    static func loss(margin: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float> {
        let slack = 1 - margin
        let positive = slack.replacing(with: 0, where: slack .< 0)
        return cost * positive * positive
    }

    @inline(__always)
    static func conjugate(_ a: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float> {
        a * a / (4 * cost + 1e-20) - a
    }

    @inline(__always)
    static func bounded(_ a: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float> {
        a.replacing(with: 0, where: (a .< 0) .| (cost .<= 0))
    }

    @inline(__always)
    static func curvature(_ a: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float> {
        (2 * cost).replacing(with: 0, where: a .<= 0)
    }

    @inline(__always)
    static func derivatives(margin: SIMD4<Float>, cost: SIMD4<Float>) -> (first: SIMD4<Float>, second: SIMD4<Float>) {
        let slack = 1 - margin
        let positive = slack.replacing(with: 0, where: slack .< 0)
        let second = (2 * cost).replacing(with: 0, where: slack .<= 0)
        return (2 * cost * positive, second)
    }
}

/// C max(0, 1 − m); conjugate −a, 0 ≤ a ≤ C (Hsieh, Chang, Lin, Keerthi & Sundararajan 2008).
enum HingeStep: DualLossStep {
    @inline(__always)
    static func visit(
        margin: SIMD4<Float>, old: SIMD4<Float>, cost: SIMD4<Float>, q: SIMD4<Float>
    ) -> (new: SIMD4<Float>, gap: SIMD4<Float>) {
        // A row without elements has no curvature: its a goes to the end that the slope points to.
        let next = old - (margin - 1) / (q + 1e-20)
        let gap = Self.loss(margin: margin, cost: cost) - old * (1 - margin)
        return (bounded(next, cost: cost), gap)
    }

    @inline(__always)
    static func loss(margin: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float> {
        let slack = 1 - margin
        return cost * slack.replacing(with: 0, where: slack .< 0)
    }

    @inline(__always)
    static func conjugate(_ a: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float> { -a }

    @inline(__always)
    static func bounded(_ a: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float> {
        let raised = a.replacing(with: 0, where: a .< 0)
        return raised.replacing(with: cost, where: raised .> cost)
    }

    /// The hinge has a corner where 0 < a < C: next to it a stands for a curvature without bound, and beyond it there is none.
    @inline(__always)
    static func curvature(_ a: SIMD4<Float>, cost: SIMD4<Float>) -> SIMD4<Float> {
        SIMD4(repeating: 1e6).replacing(with: 0, where: (a .<= 0) .| (a .>= cost))
    }

    @inline(__always)
    static func derivatives(margin: SIMD4<Float>, cost: SIMD4<Float>) -> (first: SIMD4<Float>, second: SIMD4<Float>) {
        (cost.replacing(with: 0, where: margin .>= 1), .zero)
    }
}
