import Testing

/// `tune`: what a search writes, and how it is taken up again.
struct TuneTests {
    let workspace = Result { try Workspace() }

    @Test func `A search writes a recipe that train takes`() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds(Samples.articles(36))
        let arguments = ["tune", "--seeds", seeds, "--recipe", "naive-bayes", "--trials", "3", "-o", "best.json"]
        let text = try workspace.run(arguments)
        #expect(text.status == 0 && text.errors == "")
        #expect(text.output.contains("best.json: recipe of trial") && text.output.contains("3 recipes tried"))
        #expect(try workspace.run("train", "--seeds", seeds, "--recipe", "best.json", "-o", "m").status == 0)
        // The journal makes that nothing is done twice, and the result is the same.
        let again = try workspace.run(arguments + ["--json"])
        #expect(again.errors == "note: 3 steps taken from the journal\n")
        #expect((again.object["steps"] as? [Any])?.count == 3)
        let best = try #require(again.object["best"] as? [String: Any])
        #expect(text.output.contains("recipe of trial \(best["trial"] as? Int ?? -1)"))
    }

    @Test func `A journal of another search is refused, and so is one that is none`() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds(Samples.articles(24))
        let arguments = ["tune", "--seeds", seeds, "--recipe", "naive-bayes", "--trials", "1", "-o", "b.json"]
        #expect(try workspace.run(arguments).status == 0)
        expectFailure(try workspace.run(arguments + ["--seed", "5"]), 65, "b.json.journal is the journal of another search")
        try workspace.write("j", "{}\n")
        expectFailure(try workspace.run(arguments + ["--journal", "j"]), 65, "j:1: this is no journal")
        expectFailure(try workspace.run(arguments + ["--search", "nothing"]), 64, "\"nothing\" names")
        expectFailure(try workspace.run("tune", "-o", "b.json"), 64, "Missing expected argument '--seeds")
    }
}
