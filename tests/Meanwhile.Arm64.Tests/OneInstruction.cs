namespace Meanwhile.Arm64.Tests;

/// <summary>One instruction with sources X1, X2, X3 and flags, destination X0 (zero before) and flags.</summary>
internal static class OneInstruction
{
    public static void Check(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter)
    {
        using var m = new TestMachine { Nzcv = nzcv };
        m.X[1] = x1;
        m.X[2] = x2;
        m.X[3] = x3;
        m.Run(word);
        string registers = $"{assembly} with x1 = {x1:X16}, x2 = {x2:X16}, x3 = {x3:X16}, NZCV = {nzcv:b4}: x0 = {m.X[0]:X16}, NZCV = {m.Nzcv:b4}";
        Assert.True(x0 == m.X[0] && nzcvAfter == m.Nzcv, $"{registers}; expected {x0:X16}, {nzcvAfter:b4}");
        Assert.Equal(TestMachine.CodeBase + 4, m.Pc);
    }
}
