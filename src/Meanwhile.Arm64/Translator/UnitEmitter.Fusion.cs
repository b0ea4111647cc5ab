namespace Meanwhile.Arm64.Translator;

/// <content>Two instructions that the host does as one: the first emits both, the second nothing.</content>
internal sealed unsafe partial class UnitEmitter
{
    private int fusedIndex;

    /// <summary>The current instruction was emitted with the one before it.</summary>
    public bool IsFused => fusedIndex == index;

    /// <summary>The next instruction, when it is always executed right after this one. It must not be one that may leave.</summary>
    public bool TryNext(out uint word)
    {
        int next = index + 1;
        word = 0;
        if (next >= unit.Length || unit.IsBlockStart(next) || !unit.IsReached[next])
            return false;
        word = unit.Words[next];
        return true;
    }

    /// <summary>The next instruction is part of what is emitted for this one.</summary>
    public void FuseNext() => fusedIndex = index + 1;
}
