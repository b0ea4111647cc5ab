namespace Meanwhile.Migration.Wire;

/// <summary>What a frame says. S: sent by the source, D: by the destination; m: on the main channel, u: on the urgent one.</summary>
public enum FrameKind : ushort
{
    /// <summary>Not a frame.</summary>
    None = 0,

    /// <summary>S, mu. Opens a connection: <see cref="Wire.Hello"/>.</summary>
    Hello = 1,

    /// <summary>D, mu. Answers a HELLO: <see cref="Wire.HelloAck"/>.</summary>
    HelloAck = 2,

    /// <summary>S, mu. The source's proof that it knows the session's secret.</summary>
    HelloProof = 3,

    /// <summary>D, mu. A text: why not. The connection ends, nothing has changed.</summary>
    Refuse = 4,

    /// <summary>S, m. The machine's description.</summary>
    Describe = 5,

    /// <summary>D, m. The machine here is the same; pages may come.</summary>
    Accept = 6,

    /// <summary>S, mu. Pages and ranges of zero pages: <see cref="PagesPayload"/>.</summary>
    Pages = 7,

    /// <summary>S, m. All pages of a round have been sent: its number.</summary>
    Round = 8,

    /// <summary>D, m. All pages of a round have arrived: its number.</summary>
    RoundAck = 9,

    /// <summary>S, m. The guest stands still; lengths of what follows: <see cref="SwitchPayload"/>.</summary>
    Switch = 10,

    /// <summary>S, m: pages that have not been sent. D, m, in a recovery: pages that have not arrived. <see cref="PageRanges"/>.</summary>
    Missing = 11,

    /// <summary>S, m. A piece of device and vCPU state, in order.</summary>
    State = 12,

    /// <summary>S, m. All state has been sent: restore it.</summary>
    Prepare = 13,

    /// <summary>D, m. State is restored; the guest could run.</summary>
    Ready = 14,

    /// <summary>S, m. From here on the guest is the destination's.</summary>
    Run = 15,

    /// <summary>D, m. The guest runs.</summary>
    Running = 16,

    /// <summary>D, u. Pages that are waited for.</summary>
    Request = 17,

    /// <summary>D, m. Every page has arrived.</summary>
    Done = 18,

    /// <summary>S, m. The source needs nothing more: the session ends.</summary>
    Bye = 19,

    /// <summary>Both, mu. A text: why the sender cannot go on.</summary>
    Failed = 20,

    /// <summary>S, m. The user cancelled; the source's guest goes on.</summary>
    Cancel = 21,

    /// <summary>D, m, in a recovery. Where the destination is, and how many pages its MISSING frames name.</summary>
    Position = 22,

    /// <summary>S, m, in a recovery. The source has understood: go on.</summary>
    Resume = 23,

    /// <summary>Both, mu. I am still here.</summary>
    KeepAlive = 24,

    /// <summary>S, m, in pre-copy. Names of code that the guest uses, u64 each: <see cref="Source.IOutgoingMemory.WorkingSetCode"/>.</summary>
    Code = 25,

    /// <summary>D, m. What a CODE frame named is translated, as far as it is here.</summary>
    CodeReady = 26,
}
