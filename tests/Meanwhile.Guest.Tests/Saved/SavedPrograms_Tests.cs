using Meanwhile.Guest.Tests.Machines;
using Meanwhile.Guest.Tests.Programs;

namespace Meanwhile.Guest.Tests.Saved;

/// <summary>
/// Every guest program of one CPU, taken from machine to machine many times on its way: to the instruction, it cannot tell. Those that enable
/// async page faults can, because each restore wakes all that wait; they have tests of their own.
/// </summary>
public sealed class SavedPrograms_Tests(GuestProgramCompiler compiler) : IClassFixture<GuestProgramCompiler>
{
    /// <summary>
    /// Programs that count on a translation that they have changed in memory and not invalidated yet: it is gone from the TLB elsewhere, as it may
    /// be at any time.
    /// </summary>
    private static readonly string[] s_useStaleTranslations = ["code/a_page_unmapped_by_its_own_code_aborts_at_the_next_instruction"];

    public static TheoryData<string> Programs()
    {
        var data = new TheoryData<string>();
        foreach (string name in GuestProgram.Names())
        {
            GuestSettings settings = new GuestProgram(name).Settings("");
            if (settings is { Cpus: 1, Limit: null } && !name.StartsWith("apf/", StringComparison.Ordinal) && !s_useStaleTranslations.Contains(name))
                data.Add(name);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_goes_on_elsewhere_to_the_instruction(string name)
    {
        GuestSettings settings = new GuestProgram(name).Settings(compiler.Binary(name));
        RunRecord expected = SavedRuns.Uninterrupted(settings);
        Assert.Contains("GUEST PASS", expected.Console, StringComparison.Ordinal);
        // Fifty places, and not the same ones for programs of one length: a step of the virtual clock is four nanoseconds.
        long distance = Math.Max(4, expected.Time / 50 / 4 * 4);
        Assert.Equal(expected, SavedRuns.Relayed(settings, _ => distance, GuestEngines.Interpreter, GuestEngines.Translator));
        Assert.Equal(expected, SavedRuns.Relayed(settings, _ => distance + 4, GuestEngines.Translator));
        Assert.Equal(expected, SavedRuns.SavedAndContinued(settings, distance));
    }
}
