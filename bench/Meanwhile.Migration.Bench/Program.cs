using Meanwhile.Migration.Bench;
using Meanwhile.Migration.Source;

// What post-copy costs, without a guest: its sessions back to back on one thread (time of each side, and what it allocates, a page), then over loopback
// sockets (pages/s, processor time of each thread, and how long a requested page takes while the push goes on). In Release:
// dotnet run -c Release --project bench/Meanwhile.Migration.Bench [--memory MiB] [--bandwidth MB/s] [--requests PER_SECOND] [--rounds N]
long memory = 512;
long bandwidth = 0;
int requests = 1000;
int rounds = 3;
for (int n = 0; n + 1 < args.Length; n += 2)
{
    if (!long.TryParse(args[n + 1], out long value) || value < 0)
        return Refuse($"{args[n]} {args[n + 1]}: not a number");
    switch (args[n])
    {
        case "--memory":
            memory = Math.Max(1, value);
            break;
        case "--bandwidth":
            bandwidth = value * 1_000_000;
            break;
        case "--requests":
            requests = (int)value;
            break;
        case "--rounds":
            rounds = (int)value;
            break;
        default:
            return Refuse($"{args[n]}: say --memory, --bandwidth, --requests or --rounds");
    }
}
var options = new MigrationOptions { PostCopy = true, MaxBandwidth = bandwidth, MaxPostCopyBandwidth = bandwidth };
for (int round = 0; round < rounds; round++)
{
    if (bandwidth == 0)
    {
        using var pair = new BenchPair(memory << 8, options);
        Console.WriteLine(BackToBack.Run(pair));
    }
    using var linked = new BenchPair(memory << 8, options);
    Console.WriteLine(OverSockets.Run(linked, requests));
}
return 0;

static int Refuse(string reason)
{
    Console.Error.WriteLine(reason);
    return 2;
}
