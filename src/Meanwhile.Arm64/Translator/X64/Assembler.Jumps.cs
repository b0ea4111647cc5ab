using System.Runtime.CompilerServices;

namespace Meanwhile.Arm64.Translator.X64;

/// <content>Jumps, calls and what else takes an address.</content>
internal sealed unsafe partial class Assembler
{
    /// <summary>JMP rel32 to code in reach.</summary>
    public void Jump(nint target)
    {
        Byte(0xE9);
        Word32((int)(target - (Address + sizeof(int))));
    }

    /// <summary>Jcc rel32 to code in reach.</summary>
    public void JumpIf(HostCondition condition, nint target)
    {
        Byte(0x0F);
        Byte(0x80 | (int)condition);
        Word32((int)(target - (Address + sizeof(int))));
    }

    /// <summary>JMP rel32 to a place that <see cref="Bind"/> names later; the place of its displacement is returned.</summary>
    public byte* JumpForward()
    {
        Byte(0xE9);
        Word32(0);
        return at - sizeof(int);
    }

    /// <summary>Jcc rel32 to a place that <see cref="Bind"/> names later; the place of its displacement is returned.</summary>
    public byte* JumpForwardIf(HostCondition condition)
    {
        Byte(0x0F);
        Byte(0x80 | (int)condition);
        Word32(0);
        return at - sizeof(int);
    }

    /// <summary>Jcc rel8 to a place within reach that <see cref="BindShort"/> names later; the place of its displacement is returned.</summary>
    public byte* JumpShortIf(HostCondition condition)
    {
        Byte(0x70 | (int)condition);
        Byte(0);
        return at - 1;
    }

    /// <summary>JMP rel8 to a place within reach that <see cref="BindShort"/> names later; the place of its displacement is returned.</summary>
    public byte* JumpShort()
    {
        Byte(0xEB);
        Byte(0);
        return at - 1;
    }

    /// <summary>Makes a forward jump lead here.</summary>
    public void Bind(byte* displacement) => Unsafe.WriteUnaligned(displacement, (int)(at - (displacement + sizeof(int))));

    /// <summary>Makes the jump whose displacement is executed at <paramref name="site"/> lead to <paramref name="target"/>.</summary>
    public void Patch(nint site, nint target) => Unsafe.WriteUnaligned((byte*)(site - executableOffset), (int)(target - (site + sizeof(int))));

    /// <summary>Where the jump whose displacement is executed at <paramref name="site"/> leads.</summary>
    public nint TargetOf(nint site) => site + sizeof(int) + Unsafe.ReadUnaligned<int>((byte*)(site - executableOffset));

    /// <summary>Makes a short forward jump lead here.</summary>
    public void BindShort(byte* displacement)
    {
        long distance = at - (displacement + 1);
        if (distance > sbyte.MaxValue)
            throw new InvalidOperationException("A short jump does not reach its target.");
        *displacement = (byte)distance;
    }

    /// <summary>JMP r64.</summary>
    public void JumpTo(Register r) => RegisterForm(0xFF, false, 4, (int)r);

    /// <summary>JMP [m].</summary>
    public void JumpTo(in Memory m) => MemoryForm(0xFF, false, 4, m);

    /// <summary>CALL rel32 to code in reach.</summary>
    public void Call(nint target)
    {
        Byte(0xE8);
        Word32((int)(target - (Address + sizeof(int))));
    }

    /// <summary>CALL r64.</summary>
    public void CallTo(Register r) => RegisterForm(0xFF, false, 2, (int)r);

    /// <summary>CALL [m].</summary>
    public void CallTo(in Memory m) => MemoryForm(0xFF, false, 2, m);

    /// <summary>RET.</summary>
    public void Return() => Byte(0xC3);

    /// <summary>PUSH r64.</summary>
    public void Push(Register r)
    {
        Rex(false, 0, 0, (int)r);
        Byte(0x50 | ((int)r & 7));
    }

    /// <summary>POP r64.</summary>
    public void Pop(Register r)
    {
        Rex(false, 0, 0, (int)r);
        Byte(0x58 | ((int)r & 7));
    }

    /// <summary>Fills with NOPs until the address plus <paramref name="bias"/> is a multiple of <paramref name="alignment"/>.</summary>
    public void Align(int alignment, int bias = 0)
    {
        while (((Address + bias) & (alignment - 1)) != 0)
            Byte(0x90);
    }
}
