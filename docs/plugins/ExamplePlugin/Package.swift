// swift-tools-version: 6.2
import PackageDescription

// A plugin package outside of SectorKit's own: a classifier, a tokeniser, and a `sectorkit` that has them.
let package = Package(
    name: "ExamplePlugin",
    products: [.library(name: "ExamplePlugin", targets: ["ExamplePlugin"])],
    // Elsewhere: .package(url: "https://github.com/…/SectorKit", from: "0.1.0")
    dependencies: [.package(name: "SectorKit", path: "../../..")],
    targets: [
        .target(
            name: "ExamplePlugin",
            dependencies: [
                .product(name: "TextClassification", package: "SectorKit"), .product(name: "LinearAlgebra", package: "SectorKit"),
            ],
            exclude: ["Library.swift"]),
        .executableTarget(
            name: "example-sectorkit",
            dependencies: [
                "ExamplePlugin", .product(name: "SectorKitCommands", package: "SectorKit"),
                .product(name: "StandardPlugins", package: "SectorKit"),
            ]),
        .testTarget(
            name: "ExamplePluginTests",
            dependencies: ["ExamplePlugin", .product(name: "TextClassificationTesting", package: "SectorKit")]),
    ]
)
