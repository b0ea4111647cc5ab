namespace Meanwhile.Arm64.Translator;

/// <summary>Why translated code returned to its caller.</summary>
internal enum ExitReason
{
    /// <summary><see cref="CpuState.Pc"/> is to be looked up; <see cref="CpuState.LinkSite"/> can be made to lead there, unless it is 0.</summary>
    Lookup,

    /// <summary>What is left of the budget ends within the next block.</summary>
    Budget,

    /// <summary><see cref="CpuState.Attention"/> was seen at the start of a unit.</summary>
    Attention,

    /// <summary>The handler of <see cref="CpuState.ExitInsn"/> returned <see cref="Interpreter.Status.Branch"/>.</summary>
    Branch,

    /// <summary>The handler of <see cref="CpuState.ExitInsn"/> returned <see cref="Interpreter.Status.Leave"/>.</summary>
    Leave,
}
