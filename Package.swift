// swift-tools-version: 6.2
import PackageDescription

// Every target is compiled in Swift 6 mode with strict memory safety, and a warning is an error.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// A target of this package, with its tests when it has some. Dependencies point downwards only: `scripts/check-layers`
/// compares the imports of every file with the lists below.
func layer(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")

let package = Package(
    name: "SectorKit",
    products: [
        .library(name: "TextClassification", targets: ["TextClassification"]),
        .library(name: "LinearAlgebra", targets: ["LinearAlgebra"]),
        .library(name: "CorpusFormats", targets: ["CorpusFormats"]),
        .library(name: "Evaluation", targets: ["Evaluation"]),
        .library(name: "TextFeatures", targets: ["TextFeatures"]),
        .library(name: "LinearModels", targets: ["LinearModels"]),
        .library(name: "NearestNeighbors", targets: ["NearestNeighbors"]),
        .library(name: "TopicModels", targets: ["TopicModels"]),
        .library(name: "ModelSelection", targets: ["ModelSelection"]),
        .library(name: "SemiSupervised", targets: ["SemiSupervised"]),
        .library(name: "KeywordRules", targets: ["KeywordRules"]),
        .library(name: "Combinations", targets: ["Combinations"]),
        .library(name: "StandardPlugins", targets: ["StandardPlugins"]),
        .library(name: "PluginLoading", targets: ["PluginLoading"]),
        .library(name: "SectorKitCommands", targets: ["SectorKitCommands"]),
        .library(name: "TextClassificationTesting", targets: ["TextClassificationTesting"]),
        .executable(name: "sectorkit", targets: ["sectorkit"]),
        .executable(name: "sectorkit-pages", targets: ["sectorkit-pages"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // The templates of pages.
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        // Without its trait that would bring all of Foundation.
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        // For the paths of the former.
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // The system's library of Debian: zlib1g-dev.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // BLAS and LAPACK (Debian: libblas3, liblapack3), loaded when they are first called.
        .target(name: "CDenseRoutines", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        layer("LinearAlgebra", ["CDenseRoutines", "CKernels"]),
        layer("TextClassification", ["LinearAlgebra"]),

        layer("CorpusFormats", ["TextClassification", "LinearAlgebra", "CZlib", "CKernels"]),
        // Unicode properties as constant tables in C, since Swift has no constant arrays of this size.
        .target(name: "CUnicode"),
        // Inner loops in C, where instructions are needed that the baseline target lacks.
        .target(name: "CKernels"),
        layer("TextFeatures", ["TextClassification", "LinearAlgebra", "CUnicode", "CKernels"]),
        layer("LinearModels", ["TextClassification", "LinearAlgebra"]),
        layer("NearestNeighbors", ["TextClassification", "LinearAlgebra"]),
        layer("TopicModels", ["TextClassification", "LinearAlgebra"]),
        layer("Calibration", ["TextClassification", "LinearAlgebra"]),
        layer("Evaluation", ["TextClassification", "LinearAlgebra"]),

        layer(
            "ModelSelection",
            ["TextClassification", "LinearAlgebra", "TextFeatures", "LinearModels", "Calibration", "Evaluation"]),
        layer(
            "KeywordRules",
            ["TextClassification", "LinearAlgebra", "CorpusFormats", "TextFeatures", "LinearModels"]),
        layer("Combinations", ["TextClassification", "LinearAlgebra", "LinearModels", "Calibration", "Evaluation"]),
        layer(
            "SemiSupervised", ["TextClassification", "LinearAlgebra", "TextFeatures", "LinearModels", "Calibration"]),
        layer("Benchmarking", ["TextClassification", "LinearAlgebra", "Evaluation"]),
        layer(
            "StandardPlugins",
            [
                "TextClassification", "TextFeatures", "LinearModels", "NearestNeighbors", "TopicModels", "Calibration",
                "ModelSelection",
                "SemiSupervised", "KeywordRules", "Combinations",
            ]),
        // What host and plugin library tell each other before any Swift type crosses.
        .target(name: "CPluginHandshake"),
        layer("PluginLoading", ["TextClassification", "CorpusFormats", "CPluginHandshake", subprocess, system]),
        layer("HTMLReports", ["TextClassification", "Evaluation", "Benchmarking", "TopicModels"]),
        .target(
            name: "HTMLTemplates", dependencies: [mustache], resources: [.embedInCode("Templates")], swiftSettings: settings),
        layer(
            "SectorKitCommands",
            [
                "TextClassification", "PluginLoading", "LinearAlgebra", "CorpusFormats", "TopicModels", "Calibration",
                "Evaluation", "ModelSelection", "SemiSupervised", "Benchmarking", "HTMLReports", argumentParser, subprocess,
                system,
            ]),
        .executableTarget(
            name: "sectorkit", dependencies: ["SectorKitCommands", "StandardPlugins", "TextClassification"],
            swiftSettings: settings,
            // Plugin libraries use the core that is in the program.
            linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic"], .when(platforms: [.linux]))]),
        // The template library brings all of Foundation, which takes too long to load for a program that tags an article.
        .executableTarget(name: "sectorkit-pages", dependencies: ["HTMLTemplates"], swiftSettings: settings),
        layer("TextClassificationTesting", ["TextClassification", "LinearAlgebra"]),

        // Counts the allocations of a thread, for tests that there are none.
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        tests("LinearAlgebra", ["LinearAlgebra", "CKernels"], resources: [.copy("Fixtures")]),
        tests(
            "TextClassificationTesting", ["TextClassificationTesting", "TextClassification", "LinearAlgebra", "StandardPlugins"]),
        tests("TextClassification", ["TextClassification", "LinearAlgebra", "StandardPlugins"]),
        tests(
            "TextFeatures",
            ["TextFeatures", "TextClassification", "LinearAlgebra", "CUnicode", "CKernels", "CAllocationCounter"],
            resources: [.copy("Fixtures")]),
        tests(
            "NearestNeighbors", ["NearestNeighbors", "LinearAlgebra", "TextClassification"], resources: [.copy("Fixtures")]),
        tests("LinearModels", ["LinearModels", "LinearAlgebra", "TextClassification"], resources: [.copy("Fixtures")]),
        tests(
            "TopicModels",
            ["TopicModels", "TextClassification", "LinearAlgebra", "TextClassificationTesting", "CAllocationCounter"],
            resources: [.copy("Fixtures")]),
        tests("Calibration", ["Calibration", "TextClassification", "LinearAlgebra"], resources: [.copy("Fixtures")]),
        tests(
            "ModelSelection", ["ModelSelection", "Evaluation", "TextClassification", "LinearAlgebra", "StandardPlugins"],
            resources: [.copy("Fixtures")]),
        tests("Evaluation", ["Evaluation", "TextClassification", "LinearAlgebra"], resources: [.copy("Fixtures")]),
        tests(
            "HTMLReports",
            [
                "HTMLReports", "HTMLTemplates", "Benchmarking", "Evaluation", "TextClassification", "LinearAlgebra",
                "TopicModels",
            ]),
        tests("Benchmarking", ["Benchmarking", "Evaluation", "TextClassification", "LinearAlgebra", "StandardPlugins"]),
        tests(
            "SemiSupervised", ["SemiSupervised", "TextClassification", "LinearAlgebra", "StandardPlugins"],
            resources: [.copy("Fixtures")]),
        tests(
            "KeywordRules",
            ["KeywordRules", "TextClassification", "LinearAlgebra", "TextClassificationTesting", "StandardPlugins"]),
        tests(
            "Combinations",
            ["Combinations", "TextClassification", "LinearAlgebra", "TextClassificationTesting", "StandardPlugins"],
            resources: [.copy("Fixtures")]),
        tests("Seed", []),
        tests(
            "CorpusFormats",
            ["CorpusFormats", "TextClassification", "LinearAlgebra", "StandardPlugins", "CAllocationCounter"]),
        tests(
            "PluginLoading", ["PluginLoading", "TextClassification", "StandardPlugins"],
            resources: [.copy("Programs"), .copy("Libraries")]),
        // The executables are dependencies so that they are built: these tests run them.
        tests("SectorKitCommands", ["SectorKitCommands", "sectorkit", "sectorkit-pages"], resources: [.copy("Help")]),
    ]
)
