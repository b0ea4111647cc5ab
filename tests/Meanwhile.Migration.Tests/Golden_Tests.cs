using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Tests.Fakes;
using Meanwhile.Migration.Transport;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Tests;

/// <summary>
/// Whole streams of protocol version 1, kept as files: this version sends the same bytes, and takes them. The next version must take what its
/// predecessor sent. MEANWHILE_RENEW_GOLDEN writes them anew, which only a new version may do.
/// </summary>
public class Golden_Tests
{
    private const string WithCode = "post-copy with code";

    private static readonly MigrationOptions PostCopy = new() { DowntimeLimit = 100_000, PostCopy = true };

    private static Scenario Scenario(string name) => new()
    {
        Pages = 24,
        Touched = 12,
        StepTime = 1_000_000,
        Bandwidth = name == "pre-copy" ? 100_000_000 : name == WithCode ? 1_000_000 : 4_000_000,
        Options = name == "pre-copy" ? new MigrationOptions { DowntimeLimit = 100_000 } : PostCopy,
        PostCopyAfter = name == "pre-copy" ? null : 0,
        WorkingSet = name == WithCode ? 4 : 0,
        Code = name == WithCode ? 3 : 0,
    };

    // The others were recorded before there was the capability.
    private static Capabilities Knows(string name) => name == WithCode ? Capabilities.All : Capabilities.All & ~Capabilities.Code;

    [Theory]
    [InlineData("pre-copy")]
    [InlineData("post-copy")]
    [InlineData(WithCode)]
    public void This_version_sends_the_stream_of_version_1(string name)
    {
        byte[] stream = Record(name);
        string path = PathOf(name);
        if (Environment.GetEnvironmentVariable("MEANWHILE_RENEW_GOLDEN") is not null)
            File.WriteAllBytes(path, stream);
        Assert.Equal(File.ReadAllBytes(path), stream);
    }

    [Theory]
    [InlineData("pre-copy")]
    [InlineData("post-copy")]
    [InlineData(WithCode)]
    public void A_destination_takes_the_stream_of_version_1(string name)
    {
        // The guest's model at the end of the recorded migration: what RAM must hold.
        World model = Finished(name, _ => { });
        var world = new World(Scenario(name), Numbers());
        for (int i = 0; i < 2; i++)
            world.Source.RandomBytes(i == 0 ? Protocol.SessionIdSize : Protocol.SecretSize); // The source's draws come first.
        world.Source.RandomBytes(Protocol.SecretSize);
        var connections = new Dictionary<byte, Connection>();
        byte[] stream = File.ReadAllBytes(PathOf(name));
        int frames = 0;
        for (int at = 0; at < stream.Length; frames++)
        {
            byte channel = stream[at++];
            int length = FrameFormat.TotalLength(stream.AsSpan(at, FrameFormat.HeaderSize), Protocol.LongestPayload);
            if (!connections.TryGetValue(channel, out Connection? connection))
            {
                if (channel == 1)
                    world.Source.RandomBytes(Protocol.SecretSize); // The urgent connection's nonce.
                connections[channel] = connection = world.Destination.Accept();
            }
            Assert.Equal(length, connection.FrameLength(stream.AsSpan(at, FrameFormat.HeaderSize)));
            connection.Receive(stream.AsSpan(at, length));
            at += length;
        }
        Assert.True(frames > 10);
        Assert.Equal(name != "pre-copy", world.Destination.PagesFollow);
        Assert.Equal(name == WithCode ? 3 : 0, world.To.Named.Count);
        Assert.Equal((DestinationState.Completed, (string?)null), (world.Destination.State, world.Destination.Status().Error));
        Assert.Equal(1, world.To.Runs);
        for (int page = 0; page < 24; page++)
            Assert.Equal(model.From.Ram.Page(page), world.To.Ram.Page(page));
    }

    private static byte[] Record(string name)
    {
        var stream = new MemoryStream();
        Finished(name, frame =>
        {
            if (!frame.FromSource)
                return;
            stream.WriteByte(frame.IsUrgent ? (byte)1 : (byte)0);
            stream.Write(frame.Bytes);
        });
        return stream.ToArray();
    }

    private static World Finished(string name, Action<LinkFrame> see)
    {
        var world = new World(Scenario(name), Numbers(), Knows(name));
        world.Link.Tap = frame =>
        {
            see(frame);
            return new LinkDelivery([frame.Bytes]);
        };
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.BothCompleted, World.Second));
        world.Clock.Run(10_000_000);
        return world;
    }

    // In place of random bytes: 1, 1, 1, ..., then 2, 2, 2, ...
    private static Func<int, byte[]> Numbers()
    {
        byte draw = 0;
        return count => [.. Enumerable.Repeat(++draw, count)];
    }

    private static string PathOf(string name) =>
        Path.Combine(RepositoryRoot(), "tests", "Meanwhile.Migration.Tests", "Golden", $"{name.Replace(' ', '-')}-v1.bin");

    private static string RepositoryRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Meanwhile.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new DirectoryNotFoundException("No Meanwhile.slnx above " + AppContext.BaseDirectory);
    }
}
