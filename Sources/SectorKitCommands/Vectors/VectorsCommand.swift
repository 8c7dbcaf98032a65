import ArgumentParser

struct VectorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vectors",
        abstract: "Learn vectors of words from an archive, for many models and for finding what is similar.",
        discussion: """
            Words that stand near the same words have similar vectors; an article's vector is the mean of its words'. They are learnt from \
            the archive alone, once, and used by `sectorkit train --vectors`, `sectorkit label --vectors` and `sectorkit explain --similar`.

            EXAMPLES
              sectorkit vectors fit archive.jsonl.gz -o archive.vectors
              sectorkit vectors update archive.vectors today.jsonl
              sectorkit vectors nearest archive.vectors tariff
              sectorkit vectors show archive.vectors
            """,
        subcommands: [
            VectorsFitCommand.self, VectorsUpdateCommand.self, VectorsNearestCommand.self, VectorsShowCommand.self,
        ])
}
