namespace Meanwhile.Migration.Wire;

/// <summary>Numbers of the migration protocol (docs/migration.md).</summary>
public static class Protocol
{
    /// <summary>First eight bytes of a HELLO: "MEANWHIL".</summary>
    public const ulong Magic = 0x4C49_4857_4E41_454D;

    /// <summary>Newest version that this program speaks.</summary>
    public const ushort NewestVersion = 1;

    /// <summary>Oldest version that this program speaks: the one before the newest, once there is one.</summary>
    public const ushort OldestVersion = 1;

    /// <summary>Bytes in a page.</summary>
    public const int PageSize = 4096;

    /// <summary>Most pages with content in one PAGES frame.</summary>
    public const int PagesInFrame = 64;

    /// <summary>Most pages in one REQUEST.</summary>
    public const int PagesInRequest = 64;

    /// <summary>Most names of code in one CODE frame: a millisecond or so of translating.</summary>
    public const int CodeInFrame = 256;

    /// <summary>Most names of code in a migration.</summary>
    public const int MostCode = 16384;

    /// <summary>Most bytes of a frame's payload.</summary>
    public const int LongestPayload = 1 << 20;

    /// <summary>Most bytes of a payload before the peer has proved who it is.</summary>
    public const int LongestGreeting = 4096;

    /// <summary>Most bytes of saved device and vCPU state.</summary>
    public const int LongestState = 64 << 20;

    /// <summary>Most bytes of a machine's description.</summary>
    public const int LongestDescription = LongestPayload;

    /// <summary>Most characters of a text that a peer may show to the user.</summary>
    public const int LongestText = 2048;

    /// <summary>Bytes of a session's identity.</summary>
    public const int SessionIdSize = 16;

    /// <summary>Bytes of nonces, proofs and the session's secret.</summary>
    public const int SecretSize = 32;
}

/// <summary>What a connection is for.</summary>
public enum ChannelKind : byte
{
    /// <summary>Not a channel.</summary>
    None = 0,

    /// <summary>Control, bulk pages, state.</summary>
    Main = 1,

    /// <summary>Page requests, and the pages that answer them.</summary>
    Urgent = 2,
}

/// <summary>Why a connection is made.</summary>
public enum ConnectionPurpose : byte
{
    /// <summary>Not a purpose.</summary>
    None = 0,

    /// <summary>Begins a migration; carries the session's secret.</summary>
    Begin = 1,

    /// <summary>One more connection of a migration under way.</summary>
    Join = 2,

    /// <summary>Takes a paused migration up again.</summary>
    Recover = 3,
}

/// <summary>What both sides can do; the destination answers with what both can.</summary>
[Flags]
public enum Capabilities : uint
{
    /// <summary>Nothing beyond pre-copy.</summary>
    None = 0,

    /// <summary>The guest may run on the destination before all its pages are there.</summary>
    PostCopy = 1,

    /// <summary>Content of pages may be compressed with zstd.</summary>
    Zstd = 2,

    /// <summary>Code that the guest uses is named before a switch to post-copy, to be translated ahead.</summary>
    Code = 4,

    /// <summary>All that this program knows.</summary>
    All = PostCopy | Zstd | Code,
}

/// <summary>Where the destination is, in a POSITION frame.</summary>
public enum DestinationPosition : byte
{
    /// <summary>Not a position.</summary>
    None = 0,

    /// <summary>State is restored, RUN has not come.</summary>
    AwaitsRun = 1,

    /// <summary>RUN has come: the guest is the destination's.</summary>
    HasRun = 2,

    /// <summary>RUN has not come, and the guest will never run there.</summary>
    GaveUp = 3,
}
