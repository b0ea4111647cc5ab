using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Tests;

/// <summary>The tables of states, and the pictures of them in docs/migration.md.</summary>
public class Tables_Tests
{
    [Fact]
    public void The_source_is_drawn_as_it_is() =>
        Assert.Equal(Drawn("source"), SourceTable.Lines.Select(line => $"{line.From} --> {line.To} : {line.Input}").Order(StringComparer.Ordinal));

    [Fact]
    public void The_destination_is_drawn_as_it_is() =>
        Assert.Equal(Drawn("destination"), DestinationTable.Lines.Select(line => $"{line.From} --> {line.To} : {line.Input}").Order(StringComparer.Ordinal));

    [Fact]
    public void Every_frame_is_in_the_document_with_its_number()
    {
        string document = Document();
        foreach (FrameKind kind in Enum.GetValues<FrameKind>().Where(kind => kind != FrameKind.None))
            Assert.Contains($"| {(int)kind} | {kind.ToString().ToUpperInvariant()} |", document, StringComparison.Ordinal);
    }

    /// <summary>No line leads from a state in which the guest is the destination's back to one in which it is the source's, but the one that proves it.</summary>
    [Fact]
    public void The_source_gets_the_guest_back_in_one_way_only()
    {
        SourceState[] elsewhere = [SourceState.RunSent, SourceState.PostCopy, SourceState.Paused, SourceState.Recovering, SourceState.Completed];
        Transition<SourceState, SourceInput> only = Assert.Single(SourceTable.Lines, line => elsewhere.Contains(line.From) && !elsewhere.Contains(line.To));
        Assert.Equal(SourceInput.PeerGaveUp, only.Input);
    }

    /// <summary>Only RUN leads to where the guest runs, and from nowhere else that it has run can it be run again.</summary>
    [Fact]
    public void The_destination_runs_the_guest_in_one_way_only()
    {
        DestinationState[] ran = [DestinationState.Running, DestinationState.Paused, DestinationState.Recovering, DestinationState.Completed];
        Assert.All(
            DestinationTable.Lines.Where(line => !ran.Contains(line.From) && ran.Contains(line.To)), line => Assert.Equal(DestinationInput.Run, line.Input));
        Assert.DoesNotContain(DestinationTable.Lines, line => ran.Contains(line.From) && (!ran.Contains(line.To) || line.Input == DestinationInput.Run));
    }

    private static IEnumerable<string> Drawn(string name)
    {
        string[] lines = Document().Split('\n');
        int start = Array.FindIndex(lines, line => line.Contains($"%% {name}", StringComparison.Ordinal));
        Assert.True(start >= 0, $"no picture of the {name}");
        return lines.Skip(start + 1).TakeWhile(line => line != "```").Select(line => line.Trim())
            .Where(line => line.Contains("-->", StringComparison.Ordinal) && !line.Contains("[*]", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    private static string Document()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Meanwhile.slnx")))
            directory = directory.Parent;
        return File.ReadAllText(Path.Combine(directory!.FullName, "docs", "migration.md"));
    }
}
