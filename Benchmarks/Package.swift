// swift-tools-version: 6.2
import PackageDescription

// The program that times single stages inside of a process; `run` builds and calls it.
let package = Package(
    name: "SectorKitBenchmarks",
    dependencies: [
        .package(name: "SectorKit", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .executableTarget(
            name: "sectorkit-benchmark",
            dependencies: [
                .product(name: "StandardPlugins", package: "SectorKit"),
                .product(name: "TextClassification", package: "SectorKit"),
                .product(name: "LinearAlgebra", package: "SectorKit"),
                .product(name: "TopicModels", package: "SectorKit"),
                .product(name: "CorpusFormats", package: "SectorKit"),
                .product(name: "LinearModels", package: "SectorKit"),
                .product(name: "TextFeatures", package: "SectorKit"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "sectorkit-fewshot",
            dependencies: [
                .product(name: "SemiSupervised", package: "SectorKit"),
                .product(name: "StandardPlugins", package: "SectorKit"),
                .product(name: "CorpusFormats", package: "SectorKit"),
                .product(name: "Evaluation", package: "SectorKit"),
                .product(name: "LinearAlgebra", package: "SectorKit"),
                .product(name: "TextClassification", package: "SectorKit"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error)]),
    ]
)
