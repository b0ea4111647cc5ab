namespace Meanwhile.Cli.Tests.Migration;

/// <summary>Debian's kernel with work that checks its own data, on whichever machine it is.</summary>
internal static class LoadedGuest
{
    /// <summary>Enough for the kernel and some MiB of work.</summary>
    public const string Memory = "128M";

    /// <summary>Boots, and begins to write, to read back and to calculate.</summary>
    public static MachineProcess Boot(TemporaryFolder folder, int passes, params string[] options)
    {
        MachineProcess machine = MachineProcess.Run(folder, "source", ["--memory", Memory, .. options]);
        machine.Console.WaitFor("/ # ");
        machine.Console.Type($"echo work $((6*7)); testsuite mem --percent 70 --passes {passes} --calculate; echo done $((6*7))\n");
        machine.Console.WaitFor("work 42");
        return machine;
    }

    /// <summary>The work comes to its end here, with right data, and the guest is well.</summary>
    public static void Finish(MachineProcess machine)
    {
        machine.Console.WaitFor("wrong=0\r\n");
        machine.Console.WaitFor("done 42");
        machine.Console.Type("poweroff -f\n");
        Assert.Equal(0, machine.Console.WaitForExit());
    }
}
