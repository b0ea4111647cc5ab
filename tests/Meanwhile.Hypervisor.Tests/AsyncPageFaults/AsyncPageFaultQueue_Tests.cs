using CsCheck;
using Meanwhile.Hypervisor.AsyncPageFaults;

namespace Meanwhile.Hypervisor.Tests.AsyncPageFaults;

/// <summary>The data path, one test for each behaviour.</summary>
public class AsyncPageFaultQueue_Tests
{
    private const uint WakeAll = 0xFFFF_FFFF;

    [Fact]
    public void A_fault_asks_for_the_page_and_tells_the_guest()
    {
        var vcpu = new QueueFixture(vcpuId: 3);
        Assert.True(vcpu.Fault(10));
        Assert.Equal(10, Assert.Single(vcpu.Requests).Page);
        Assert.Equal(1, vcpu.Architecture.Reason);
        Assert.Equal(0x1003u, vcpu.Architecture.Token);
        Assert.Equal((1, 0), (vcpu.Queue.Statistics().Notified, vcpu.Queue.Statistics().Waited));
    }

    [Fact]
    public void A_page_that_comes_is_told_before_the_next_entry_after_one_kick()
    {
        var vcpu = new QueueFixture();
        uint token = vcpu.FaultAndTake(10);
        vcpu.Queue.BeforeGuestEntry();
        Assert.Equal(0, vcpu.Architecture.Reason);
        Assert.False(vcpu.Queue.HasCompletedWork);
        vcpu.PageArrives(10);
        Assert.Equal(1, vcpu.Kicks);
        Assert.True(vcpu.Queue.HasCompletedWork, "A halted vCPU must wake.");
        vcpu.Queue.BeforeGuestEntry();
        Assert.False(vcpu.Queue.HasCompletedWork);
        Assert.Equal(token, vcpu.Architecture.TakeReady());
    }

    /// <summary>Nothing differs for the guest from a fault whose page comes, and no page is asked for.</summary>
    [Fact]
    public void A_rehearsal_is_told_as_a_fault_and_ends_by_itself()
    {
        var vcpu = new QueueFixture();
        Assert.True(vcpu.Queue.TryRehearse());
        Assert.Empty(vcpu.Requests);
        uint token = vcpu.Architecture.TakeNotPresent();
        Assert.NotEqual(0u, token);
        Assert.NotEqual(token, vcpu.FaultAndTake(10));
        Assert.False(vcpu.Queue.HasCompletedWork);
        Assert.Single(vcpu.Scheduled).Invoke();
        Assert.Equal(1, vcpu.Kicks);
        vcpu.Queue.BeforeGuestEntry();
        Assert.Equal(token, vcpu.Architecture.TakeReady());
        vcpu.Architecture.Acknowledge();
        Assert.Equal((1, 1, 1), (vcpu.Queue.Statistics().Rehearsed, vcpu.Queue.Statistics().Notified, vcpu.Queue.Statistics().Outstanding));
        vcpu.PageArrives(10);
        vcpu.Queue.BeforeGuestEntry();
        Assert.True(vcpu.Queue.TryRehearse() is false, "The block has a token.");
    }

    [Theory]
    [InlineData(AsyncPageFaultDecision.NotEnabled)]
    [InlineData(AsyncPageFaultDecision.Privileged)]
    [InlineData(AsyncPageFaultDecision.EventsMasked)]
    public void A_guest_that_could_not_be_told_of_a_fault_rehearses_none(AsyncPageFaultDecision why)
    {
        var vcpu = new QueueFixture();
        vcpu.Architecture.Refusal = why;
        Assert.False(vcpu.Queue.TryRehearse());
        Assert.Equal(0, vcpu.Architecture.Reason);
        Assert.Empty(vcpu.Scheduled);
        Assert.Equal((0, 0), (vcpu.Queue.Statistics().Faults, vcpu.Queue.Statistics().Outstanding));
    }

    [Fact]
    public void A_rehearsal_that_the_guest_forgets_wakes_nobody()
    {
        var vcpu = new QueueFixture();
        Assert.True(vcpu.Queue.TryRehearse());
        vcpu.Architecture.TakeNotPresent();
        Assert.False(vcpu.Queue.TryRehearse(), "One at a time.");
        vcpu.Queue.Clear();
        Assert.Single(vcpu.Scheduled).Invoke();
        Assert.False(vcpu.Queue.HasCompletedWork);
    }

    [Fact]
    public void Only_the_first_of_several_completions_kicks()
    {
        var vcpu = new QueueFixture();
        vcpu.FaultAndTake(1);
        vcpu.FaultAndTake(2);
        vcpu.PageArrives(1);
        vcpu.PageArrives(2);
        Assert.Equal(1, vcpu.Kicks);
    }

    [Fact]
    public void The_next_page_ready_waits_until_the_last_is_taken_and_acknowledged()
    {
        var vcpu = new QueueFixture();
        uint first = vcpu.FaultAndTake(1);
        uint second = vcpu.FaultAndTake(2);
        vcpu.PageArrives(2);
        vcpu.PageArrives(1);
        vcpu.Queue.BeforeGuestEntry();
        vcpu.Queue.BeforeGuestEntry();
        Assert.Equal(second, vcpu.Architecture.TakeReady());
        vcpu.Queue.BeforeGuestEntry();
        Assert.Equal(0, vcpu.Architecture.Reason);
        Assert.False(vcpu.Queue.HasCompletedWork, "The interrupt keeps the vCPU running, not the queue.");
        vcpu.Architecture.Acknowledge();
        Assert.True(vcpu.Queue.HasCompletedWork);
        vcpu.Queue.BeforeGuestEntry();
        Assert.Equal(first, vcpu.Architecture.TakeReady());
    }

    [Fact]
    public void Page_ready_waits_while_the_block_holds_a_page_not_present()
    {
        var vcpu = new QueueFixture();
        uint first = vcpu.FaultAndTake(1);
        vcpu.Fault(2);
        vcpu.PageArrives(1);
        vcpu.Queue.BeforeGuestEntry();
        Assert.Equal(1, vcpu.Architecture.Reason);
        vcpu.Architecture.TakeNotPresent();
        vcpu.Queue.BeforeGuestEntry();
        Assert.Equal(first, vcpu.Architecture.TakeReady());
    }

    [Fact]
    public void A_page_that_comes_before_its_notification_was_delivered_takes_it_back()
    {
        var vcpu = new QueueFixture();
        Assert.True(vcpu.Fault(1));
        vcpu.PageArrives(1);
        Assert.True(vcpu.Queue.HasCompletedWork);
        vcpu.Queue.BeforeGuestEntry();
        Assert.Equal((0, 0u), (vcpu.Architecture.Reason, vcpu.Architecture.UndeliveredToken));
        AsyncPageFaultStatistics statistics = vcpu.Queue.Statistics();
        Assert.Equal((1, 0, 0), (statistics.Cancelled, statistics.Ready, statistics.Outstanding));
        Assert.True(vcpu.Fault(1), "The frame number is free again.");
    }

    [Fact]
    public void A_notification_is_taken_back_also_when_an_older_page_waits_to_be_told()
    {
        var vcpu = new QueueFixture();
        uint first = vcpu.FaultAndTake(1);
        vcpu.Fault(2);
        vcpu.PageArrives(1);
        vcpu.PageArrives(2);
        vcpu.Queue.BeforeGuestEntry();
        Assert.Equal(first, vcpu.Architecture.TakeReady());
        Assert.Equal(1, vcpu.Queue.Statistics().Cancelled);
    }

    [Fact]
    public void A_page_that_is_there_at_once_is_not_told()
    {
        var vcpu = new QueueFixture { ReadyInline = true };
        Assert.True(vcpu.Fault(1));
        vcpu.Queue.BeforeGuestEntry();
        Assert.Equal((0, 0), (vcpu.Architecture.Reason, vcpu.Kicks));
        AsyncPageFaultStatistics statistics = vcpu.Queue.Statistics();
        Assert.Equal((1, 0, 0, 0), (statistics.Decided(AsyncPageFaultDecision.ResidentAtOnce), statistics.Notified, statistics.Waited, statistics.Outstanding));
    }

    [Theory]
    [InlineData(AsyncPageFaultDecision.NotEnabled)]
    [InlineData(AsyncPageFaultDecision.Privileged)]
    [InlineData(AsyncPageFaultDecision.EventNotEnabled)]
    [InlineData(AsyncPageFaultDecision.EventsMasked)]
    [InlineData(AsyncPageFaultDecision.EventRunning)]
    [InlineData(AsyncPageFaultDecision.TableWalk)]
    public void What_the_architecture_refuses_is_waited_for_and_counted_by_why(AsyncPageFaultDecision reason)
    {
        var vcpu = new QueueFixture();
        vcpu.Architecture.Refusal = reason;
        Assert.False(vcpu.Fault(1));
        Assert.Empty(vcpu.Requests);
        Assert.Equal((1, 1, 0), (vcpu.Queue.Statistics().Decided(reason), vcpu.Queue.Statistics().Waited, vcpu.Queue.Statistics().Notified));
    }

    [Fact]
    public void A_busy_block_is_waited_for()
    {
        var vcpu = new QueueFixture();
        Assert.True(vcpu.Fault(1));
        Assert.False(vcpu.Fault(2));
        Assert.Equal(1, vcpu.Queue.Statistics().Decided(AsyncPageFaultDecision.BlockBusy));
    }

    [Fact]
    public void A_second_fault_on_the_same_page_is_not_told_twice()
    {
        var vcpu = new QueueFixture();
        vcpu.FaultAndTake(1);
        Assert.False(vcpu.Fault(1));
        Assert.Equal(1, vcpu.Queue.Statistics().Decided(AsyncPageFaultDecision.AlreadyOutstanding));
        vcpu.PageArrives(1);
        Assert.False(vcpu.Fault(1), "Outstanding until the guest is told page-ready.");
        vcpu.Queue.BeforeGuestEntry();
        vcpu.Architecture.TakeReady();
        Assert.True(vcpu.Fault(1));
    }

    [Fact]
    public void As_many_faults_are_outstanding_as_the_table_has_slots()
    {
        var vcpu = new QueueFixture(slots: 64);
        for (int page = 0; page < 64; page++)
            vcpu.FaultAndTake(page);
        Assert.False(vcpu.Fault(64));
        AsyncPageFaultStatistics statistics = vcpu.Queue.Statistics();
        Assert.Equal((1, 64, 64), (statistics.Decided(AsyncPageFaultDecision.TableFull), statistics.Outstanding, statistics.PeakOutstanding));
    }

    [Fact]
    public void Wake_all_is_told_once_with_its_own_token()
    {
        var vcpu = new QueueFixture();
        vcpu.Queue.WakeAll();
        vcpu.Queue.WakeAll();
        Assert.True(vcpu.Kicks > 0);
        vcpu.Queue.BeforeGuestEntry();
        Assert.Equal(WakeAll, vcpu.Architecture.TakeReady());
        vcpu.Architecture.Acknowledge();
        vcpu.Queue.BeforeGuestEntry();
        Assert.Equal(0, vcpu.Architecture.Reason);
        Assert.Equal((1, 0), (vcpu.Queue.Statistics().WakeAlls, vcpu.Queue.Statistics().Ready));
    }

    [Fact]
    public void What_was_cleared_is_never_told_though_its_page_still_comes()
    {
        var vcpu = new QueueFixture();
        vcpu.FaultAndTake(1);
        vcpu.FaultAndTake(2);
        vcpu.PageArrives(1);
        vcpu.Queue.Clear();
        vcpu.PageArrives(2);
        Assert.False(vcpu.Queue.HasCompletedWork);
        vcpu.Queue.BeforeGuestEntry();
        Assert.Equal(0, vcpu.Architecture.Reason);
        Assert.Equal((2, 0), (vcpu.Queue.Statistics().Dropped, vcpu.Queue.Statistics().Outstanding));
        Assert.NotEqual(0u, vcpu.FaultAndTake(2));
    }

    [Fact]
    public void Tokens_are_never_zero_nor_wake_all_nor_in_use_also_after_the_sequence_wrapped()
    {
        var vcpu = new QueueFixture(vcpuId: 0xFFF);
        uint old = vcpu.FaultAndTake(1_000_000);
        for (int i = 0; i < (1 << 20) + 10; i++)
        {
            uint token = vcpu.FaultAndTake(1);
            Assert.True(token != 0 && token != WakeAll && token != old && (token & 0xFFF) == 0xFFF);
            vcpu.PageArrives(1);
            vcpu.Queue.BeforeGuestEntry();
            vcpu.Architecture.TakeReady();
            vcpu.Architecture.Acknowledge();
        }
    }

    [Fact]
    public void Latencies_count_from_the_fault_to_the_page_and_to_its_being_told()
    {
        var vcpu = new QueueFixture { Now = 100 };
        vcpu.FaultAndTake(1);
        vcpu.Now = 150;
        vcpu.PageArrives(1);
        vcpu.Now = 175;
        vcpu.Queue.BeforeGuestEntry();
        AsyncPageFaultStatistics statistics = vcpu.Queue.Statistics();
        Assert.Equal((50, 75), (statistics.PageLatency.Maximum, statistics.ReadyLatency.Maximum));
    }

    [Fact]
    public void Whatever_the_order_of_events_each_token_taken_is_made_ready_once()
    {
        Gen<(int Kind, int Page)> operation = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 11]);
        operation.Array[0, 300].Sample(operations =>
        {
            var vcpu = new QueueFixture(vcpuId: 1, slots: 8);
            HashSet<uint> waiting = [];
            foreach ((int kind, int page) in operations)
                Step(vcpu, waiting, kind, page);
            // The rest comes, and a guest that answers all.
            while (vcpu.Requests.Count != 0)
                vcpu.PageArrives(vcpu.Requests[0].Page);
            for (int i = 0; i < 100; i++)
            {
                vcpu.Queue.BeforeGuestEntry();
                Step(vcpu, waiting, kind: 2, page: 0);
                Step(vcpu, waiting, kind: 3, page: 0);
                vcpu.Architecture.Acknowledge();
            }
            Assert.Empty(waiting);
            Assert.Equal(0, vcpu.Queue.Statistics().Outstanding);
        }, iter: 500);
    }

    private static void Step(QueueFixture vcpu, HashSet<uint> waiting, int kind, int page)
    {
        switch (kind)
        {
            case 0:
                vcpu.Fault(page);
                break;
            case 1 when vcpu.Requests.Count != 0:
                vcpu.PageArrives(vcpu.Requests[page % vcpu.Requests.Count].Page);
                break;
            case 2 when vcpu.Architecture.Reason == 1:
                Assert.True(waiting.Add(vcpu.Architecture.TakeNotPresent()));
                break;
            case 3 when vcpu.Architecture.Reason == 2:
                Assert.True(waiting.Remove(vcpu.Architecture.TakeReady()));
                break;
            case 4:
                vcpu.Queue.BeforeGuestEntry();
                break;
            case 5 when vcpu.Architecture.Reason != 2:
                vcpu.Architecture.Acknowledge();
                break;
            default:
                break;
        }
    }
}
