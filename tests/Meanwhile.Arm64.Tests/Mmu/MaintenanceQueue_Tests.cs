using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64.Tests.Mmu;

public sealed class MaintenanceQueue_Tests
{
    private readonly MaintenanceQueue queue = new();

    [Fact]
    public void Requests_come_out_in_their_order_and_once()
    {
        queue.Post(MaintenanceKind.Address, 1);
        queue.Post(MaintenanceKind.CodePage, 2);
        Assert.Equal([(MaintenanceKind.Address, 1), (MaintenanceKind.CodePage, 2)], queue.Take().ToArray());
        Assert.Empty(queue.Take().ToArray());
    }

    [Fact]
    public void A_request_is_performed_when_it_was_taken_and_completed()
    {
        queue.Post(MaintenanceKind.Address, 1);
        long first = queue.Posted;
        Assert.False(queue.IsPerformed(first));
        queue.Take();
        queue.Post(MaintenanceKind.Address, 2);
        Assert.False(queue.IsPerformed(first));
        queue.Complete();
        Assert.True(queue.IsPerformed(first));
        Assert.False(queue.IsPerformed(queue.Posted));
    }

    [Fact]
    public void More_than_fits_becomes_one_request_that_does_all()
    {
        (MaintenanceKind Kind, MaintenanceKind All)[] kinds =
        [
            (MaintenanceKind.Address, MaintenanceKind.AllTranslations),
            (MaintenanceKind.Asid, MaintenanceKind.AllTranslations),
            (MaintenanceKind.AllTranslations, MaintenanceKind.AllTranslations),
            (MaintenanceKind.CodePage, MaintenanceKind.AllCode),
            (MaintenanceKind.AllCode, MaintenanceKind.AllCode),
        ];
        foreach ((MaintenanceKind kind, MaintenanceKind all) in kinds)
        {
            for (int n = 0; n <= MaintenanceQueue.Capacity; n++)
                queue.Post(kind, (ulong)n);
            Assert.Equal([(all, 0), (kind, (ulong)MaintenanceQueue.Capacity)], queue.Take().ToArray());
        }
    }

    [Fact]
    public void A_sleeping_PE_is_asked_any_number_of_times_in_bounded_space()
    {
        for (int n = 0; n < 1_000_000; n++)
            queue.Post(n % 3 == 0 ? MaintenanceKind.CodePage : MaintenanceKind.Address, (ulong)n);
        var taken = queue.Take().ToArray();
        Assert.InRange(taken.Length, 1, MaintenanceQueue.Capacity);
        Assert.Contains((MaintenanceKind.AllTranslations, 0ul), taken);
        Assert.Contains((MaintenanceKind.AllCode, 0ul), taken);
    }

    [Fact]
    public void Who_waits_for_its_own_request_finds_it_done()
    {
        // Each poster has a kind of its own; the performer notes the last operand of each.
        const int Rounds = 20_000;
        var done = new ulong[2];
        bool end = false;
        var performer = new Thread(() =>
        {
            while (!Volatile.Read(ref end))
            {
                foreach ((MaintenanceKind kind, ulong operand) in queue.Take())
                    Volatile.Write(ref done[kind == MaintenanceKind.Address ? 0 : 1], operand);
                queue.Complete();
                Thread.Yield();
            }
        });
        performer.Start();
        var failures = new int[2];
        Thread[] posters = [.. new[] { 0, 1 }.Select(poster => new Thread(() =>
        {
            for (ulong round = 1; round <= Rounds; round++)
            {
                queue.Post(poster == 0 ? MaintenanceKind.Address : MaintenanceKind.CodePage, round);
                long number = queue.Posted;
                while (!queue.IsPerformed(number))
                    Thread.Yield();
                if (Volatile.Read(ref done[poster]) != round)
                    failures[poster]++;
            }
        }))];
        foreach (Thread poster in posters)
            poster.Start();
        foreach (Thread poster in posters)
            poster.Join();
        Volatile.Write(ref end, true);
        performer.Join();
        Assert.Equal([0, 0], failures);
    }
}
