using System.Diagnostics;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Bench;

/// <summary>Frames go from session to session by a call: no sockets, no threads.</summary>
internal static class BackToBack
{
    public static string Run(BenchPair pair)
    {
        Connection? urgent = null;
        pair.Source.UrgentWanted += () => urgent = pair.Source.OpenUrgent();
        var main = new Wire(pair.Source.Start(), pair.Destination.Accept());
        Wire? second = null;
        pair.Source.StartPostCopy();
        long allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        while (pair.Source.Status().Phase != MigrationPhase.Completed)
        {
            if (urgent is not null)
                second ??= new Wire(urgent, pair.Destination.Accept());
            bool moved = false;
            for (int i = 0; i < 64; i++)
                moved |= main.Move() | (second?.Move() ?? false);
            if (pair.Source.Status() is { Phase: MigrationPhase.Failed or MigrationPhase.PostCopyPaused, Error: var error })
                throw new InvalidOperationException(error);
            if (!moved)
                Thread.Sleep(1); // Quiescing takes a thread of the pool.
        }
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        return $"back to back: source {Nanoseconds(main.SourceTime, pair)} ns, destination {Nanoseconds(main.DestinationTime, pair)} ns, {(double)allocated / pair.Pages:F0} bytes allocated a page, {main.Frames} frames{(pair.IsEqual() ? "" : ", WRONG DATA")}";
    }

    private static string Nanoseconds(long ticks, BenchPair pair) => $"{ticks * 1e9 / Stopwatch.Frequency / pair.Pages:F0}";

    private sealed class Wire(Connection source, Connection destination)
    {
        private readonly FrameWriter writer = new();

        public long SourceTime { get; private set; }

        public long DestinationTime { get; private set; }

        public long Frames { get; private set; }

        public bool Move()
        {
            long start = Stopwatch.GetTimestamp();
            PullResult result = source.Pull(writer);
            long sent = Stopwatch.GetTimestamp();
            if (result.Kind == PullKind.Frame)
            {
                destination.Receive(writer.Frame.Span);
                DestinationTime += Stopwatch.GetTimestamp() - sent;
                SourceTime += sent - start;
                Frames++;
            }
            bool moved = result.Kind == PullKind.Frame;
            while (destination.Pull(writer).Kind == PullKind.Frame)
            {
                source.Receive(writer.Frame.Span);
                moved = true;
            }
            return moved;
        }
    }
}
