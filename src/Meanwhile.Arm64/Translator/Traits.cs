namespace Meanwhile.Arm64.Translator;

/// <summary>What the translator must know of an instruction before it emits it.</summary>
[Flags]
internal enum Traits
{
    /// <summary>Registers only; the host's flags are lost.</summary>
    None = 0,

    /// <summary>NZCV is a source.</summary>
    ReadsFlags = 1,

    /// <summary>NZCV is written, all of it.</summary>
    WritesFlags = 2,

    /// <summary>It can fault, exit or call a handler: all state must be in its place before it.</summary>
    MayLeave = 4,

    /// <summary>A branch with a target in its word.</summary>
    DirectBranch = 8,

    /// <summary>What follows is not executed after it, except by another way.</summary>
    EndsPath = 16,

    /// <summary>The host's flags survive it.</summary>
    KeepsHostFlags = 32,

    /// <summary>It writes V registers by <see cref="UnitEmitter.StoreVector(int, X64.VectorRegister)"/> alone, and leaves XMM8 to XMM15 as they are.</summary>
    KeepsVectorCopies = 64,

    /// <summary>What an instruction without a translation of its own has.</summary>
    Handler = ReadsFlags | MayLeave,
}
