using System.Buffers.Binary;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Source;

/// <content>
/// The working set goes before a switch to post-copy. What the guest needs at once on the destination is its kernel's code, tables, stacks and data: no task can be
/// put to sleep for those, so each page that lacks would stop a vCPU for a round trip. So the pages that the guest uses are noted for a few windows, while
/// rounds go on; those not sent yet, or written since, go while it still runs; and what it writes all the time is pushed first. It could go while the
/// guest stands still, too: that is as long for a vCPU, and no vCPU's tasks can use it.
/// </content>
public sealed partial class SourceSession
{
    // A guest's timer ticks each 4 ms or less, and with it come most of what a kernel does by itself.
    private const long WindowTime = 10_000_000;
    private const int Windows = 5;

    // Each sends what was written during the one before, which is less.
    private const int MostPasses = 3;

    // Of the link, for all passes: a guest may use as many pages as it likes. 2,000 pages at 20 MB/s, which is what a kernel's work with one task or two takes.
    private const long MostWorkingSetTime = 400_000_000;

    // Pages of it that go beside the push after the switch-over.
    private const int MostUnasked = 64;

    // What the destination has not translated by then it does when the guest is there.
    private const long MostTranslationTime = 200_000_000;

    private WorkingSetStep workingSetStep;
    private long[] workingSet = []; // Most important first.
    private int workingSetAt; // What comes before has been sent, or need not be.
    private int windowsLeft;
    private int passes;
    private bool namesCode;
    private int codeFrames; // Not acknowledged.
    private long workingSetUntil;

    private enum WorkingSetStep
    {
        None,
        Beginning,
        Watching,
        Watched,
        Collecting,
        Sending,
        Naming,
        Translating,
        Sent,
    }

    // The main channel, in PreCopy, when post-copy is wanted and can be. Under the lock. True: there is nothing to send before the switch-over but what this gives.
    private bool PrepareSwitchOver()
    {
        switch (workingSetStep)
        {
            case WorkingSetStep.None:
                workingSetStep = WorkingSetStep.Beginning;
                Then(() =>
                {
                    bool tells = memory.TrackWorkingSet();
                    Step(() => WorkingSetBegins(tells));
                });
                return true;
            case WorkingSetStep.Watching or WorkingSetStep.Translating:
                return false;
            // Between two rounds the dirty log is collected by who ends the round.
            case WorkingSetStep.Watched when roundSent:
                return false;
            case WorkingSetStep.Watched:
                if (passes == 0)
                    workingSetUntil = Clock.Now + MostWorkingSetTime;
                CollectWorkingSet();
                return true;
            case WorkingSetStep.Sent:
                BeginSwitchOver(withMissing: true);
                return true;
            default:
                return true;
        }
    }

    private void WorkingSetBegins(bool tells)
    {
        if (state.State != SourceState.PreCopy)
            return;
        workingSetStep = tells ? WorkingSetStep.Watching : WorkingSetStep.Sent;
        windowsLeft = Windows;
        if (tells)
            ScheduleWindow();
        main?.SignalWake();
    }

    private void ScheduleWindow()
    {
        int begun = epoch;
        Clock.Schedule(WindowTime, () => Step(() => WindowEnded(begun)));
    }

    private void WindowEnded(int begun)
    {
        if (begun != epoch || state.State != SourceState.PreCopy)
            return;
        if (--windowsLeft == 0)
        {
            workingSetStep = WorkingSetStep.Watched;
            main?.SignalWake();
            return;
        }
        Then(() => memory.TrackWorkingSet());
        ScheduleWindow();
    }

    // Under the lock, in PreCopy, with no collection under way.
    private void CollectWorkingSet()
    {
        workingSetStep = WorkingSetStep.Collecting;
        passes++;
        collecting = true;
        CollectDirty(_ =>
        {
            collecting = false;
            Then(() =>
            {
                long[] pages = memory.WorkingSet();
                Step(() =>
                {
                    if (state.State != SourceState.PreCopy)
                        return;
                    SetWorkingSet(pages);
                    workingSetStep = WorkingSetStep.Sending;
                    main?.SignalWake();
                });
            });
        });
    }

    private void SetWorkingSet(long[] pages)
    {
        workingSet = pages;
        workingSetAt = 0;
    }

    // The main channel in PreCopy, while the working set is being sent. Not under the lock.
    private PullResult PullWorkingSet(Connection connection, FrameWriter into)
    {
        int most;
        lock (Gate)
            most = PagesInPush();
        PullResult result = PullBulk(connection, into, () => Clock.Now < workingSetUntil ? NextInWorkingSet() : -1, most);
        if (result.Kind != PullKind.End)
            return result;
        lock (Gate)
        {
            if (state.State != SourceState.PreCopy)
                return new PullResult(PullKind.Idle);
            if (passes == 1 && !namesCode && (connection.Agreed & Capabilities.Code) != 0)
                NameCode();
            else if (passes < MostPasses && Clock.Now < workingSetUntil)
                CollectWorkingSet();
            else
                EndWorkingSet();
        }
        return new PullResult(PullKind.Idle);
    }

    // Under the lock.
    private void EndWorkingSet()
    {
        workingSetStep = WorkingSetStep.Sent;
        BeginSwitchOver(withMissing: true);
    }

    // Under the lock, when the working set's pages have been sent once. A kernel's first milliseconds on a machine that has to translate its code are mostly that:
    // the destination does it while the guest still runs here, and rounds go on.
    private void NameCode()
    {
        namesCode = true;
        workingSetStep = WorkingSetStep.Naming;
        Then(() =>
        {
            ulong[] code = memory.WorkingSetCode();
            Step(() => SendCode(code));
        });
    }

    private void SendCode(ulong[] code)
    {
        if (state.State != SourceState.PreCopy)
            return;
        foreach (ulong[] names in code.Chunk(Protocol.CodeInFrame))
        {
            byte[] payload = new byte[names.Length * sizeof(ulong)];
            for (int n = 0; n < names.Length; n++)
                BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(n * sizeof(ulong)), names[n]);
            main!.Enqueue(FrameKind.Code, payload);
            codeFrames++;
        }
        workingSetStep = WorkingSetStep.Translating;
        if (codeFrames == 0)
        {
            EndTranslation();
            return;
        }
        main!.SignalWake();
        int begun = epoch;
        Clock.Schedule(MostTranslationTime, () => Step(() =>
        {
            if (begun == epoch)
                EndTranslation();
        }));
    }

    // Under the lock, at CODEREADY.
    private void CodeIsReady()
    {
        if (--codeFrames == 0)
            EndTranslation();
    }

    private void EndTranslation()
    {
        if (workingSetStep != WorkingSetStep.Translating)
            return;
        workingSetStep = WorkingSetStep.Watched;
        main?.SignalWake();
    }

    // Under the lock.
    private long NextInWorkingSet()
    {
        for (; workingSetAt < workingSet.Length; workingSetAt++)
        {
            if (toSend[workingSet[workingSetAt]])
                return workingSet[workingSetAt];
        }
        return -1;
    }

    // Under the lock, at RUNNING: before it no page is welcome on the urgent channel. A slow push, or a fast one whose pages wait for the destination to take them,
    // would keep the guest waiting for what it uses first: that goes as if it had been asked for.
    private void SendWorkingSetUnasked()
    {
        for (int n = 0; n < workingSet.Length && requested.Count < MostUnasked; n++)
        {
            if (toSend[workingSet[n]])
                requested.Enqueue(workingSet[n]);
        }
        urgent?.SignalWake();
    }

    // Under the lock: nobody needs to know any more.
    private void ForgetWorkingSet()
    {
        if (workingSetStep != WorkingSetStep.None)
            Then(memory.ForgetWorkingSet);
    }
}
