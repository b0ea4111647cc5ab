namespace Meanwhile.Cli.Bench.Guests;

/// <summary>A fixed amount of work in a guest. What it runs is the script of its name in <c>guest/bench/workloads</c>.</summary>
/// <param name="Name">What a user calls it.</param>
/// <param name="Title">What it does, for the table.</param>
/// <param name="NeedsDebian">It runs programs of Debian's, not only busybox and our own.</param>
/// <param name="KnowsProcessor">Its result differs between architectures: a compiler's output, and sums that one has fused multiply-adds for.</param>
internal sealed record Workload(string Name, string Title, bool NeedsDebian = false, bool KnowsProcessor = false)
{
    /// <summary>From the kernel's first line to the first process: the only one without a script.</summary>
    public static Workload Boot { get; } = new("boot", "kernel start to init");

    /// <summary>All of them, in the order they are run and shown.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        Boot,
        new("shell-loop", "shell loop, 200,000 times"),
        new("md5", "dd bs=1M count=100 | md5sum"),
        new("fork-exec", "fork and exec of true, 300 times"),
        new("gzip", "dd bs=1M count=20 | gzip -9 | sha256sum"),
        new("float", "double precision: orbits and matrices", KnowsProcessor: true),
        new("memory", "loads in random order, and a stream, over 64 MiB"),
        new("syscall", "1,000,000 system calls"),
        new("page-fault", "150,000 first touches of a page"),
        new("pipe", "20,000 round trips between two processes"),
        new("gcc", "gcc -O2: compile and link 6 files", NeedsDebian: true, KnowsProcessor: true),
        new("sqlite", "sqlite3: 30,000 rows, two indices, queries", NeedsDebian: true),
        new("sha256", "openssl: SHA-256 of 200 MiB", NeedsDebian: true),
        new("aes", "openssl: AES-256-CBC of 60 MiB", NeedsDebian: true),
        new("rsa", "openssl: 30 signatures, RSA 4096", NeedsDebian: true),
    ];
}
