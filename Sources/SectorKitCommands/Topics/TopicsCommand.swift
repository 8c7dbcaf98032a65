import ArgumentParser

struct TopicsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics",
        abstract: "Find out what an archive is about, and assign its topics.",
        discussion: """
            Topics are found by non-negative matrix factorisation; labels are not needed.

            EXAMPLES
              sectorkit topics fit archive.jsonl --topics 40 -o a.topics --html a.html
              sectorkit topics fit archive.jsonl --topics 10,20,40 -o a.topics
              sectorkit topics show a.topics
              sectorkit topics assign --topics a.topics < new.jsonl
            """,
        subcommands: [TopicsFitCommand.self, TopicsShowCommand.self, TopicsAssignCommand.self])
}
