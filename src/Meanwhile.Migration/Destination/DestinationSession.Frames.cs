using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Destination;

/// <content>Frames before the guest runs: comparing, pages, the switch-over.</content>
public sealed partial class DestinationSession
{
    // Frames that wait to be sent while the source goes on as if it had heard them.
    private const int MostUnheard = 64;

    private SwitchPayload announced;
    private byte[] stateBytes = [];
    private int stateReceived;
    private bool pagesFollow;
    private int codeNamed;

    internal override void FrameReceived(Connection connection, FrameKind kind, bool compressed, ReadOnlySpan<byte> payload)
    {
        lock (Gate)
            counts.Received += FrameFormat.HeaderSize + payload.Length + FrameFormat.TrailerSize;
        if (kind == FrameKind.Pages)
        {
            PagesReceived(connection, compressed, payload);
            return;
        }
        var reader = new PayloadReader(kind, payload);
        lock (Gate)
        {
            if (connection != main && connection != urgent)
                return;
            if (connection == urgent && kind != FrameKind.Failed)
                throw new ProtocolException($"a {kind} frame on the urgent channel");
            MainFrame(kind, ref reader);
            reader.End();
        }
    }

    private void MainFrame(FrameKind kind, ref PayloadReader reader)
    {
        switch (kind)
        {
            case FrameKind.Describe when state.State == DestinationState.Comparing:
                Compare(reader.Bytes(reader.Left).ToArray());
                break;
            case FrameKind.Round when state.State == DestinationState.Receiving:
                // A round begins when the last one's end was heard: a source that does not listen shall not fill this side's memory.
                if (main!.Queued >= MostUnheard)
                    throw new ProtocolException("Round frames without taking their acknowledgments");
                main.Enqueue(FrameKind.RoundAck, BitConverter.GetBytes(reader.UInt32()));
                break;
            case FrameKind.Code when state.State == DestinationState.Receiving:
                TranslateAhead(ref reader);
                break;
            case FrameKind.Switch when state.State == DestinationState.Receiving:
                BeginSwitchOver(SwitchPayload.Read(reader.Bytes(reader.Left), memory.PageCount));
                break;
            case FrameKind.Missing when state.State == DestinationState.SwitchingOver:
                ReadMissing(ref reader);
                break;
            case FrameKind.State when state.State == DestinationState.SwitchingOver:
                ReadState(reader.Bytes(reader.Left));
                break;
            case FrameKind.Prepare when state.State == DestinationState.SwitchingOver:
                Prepare();
                break;
            case FrameKind.Run when state.TryTake(DestinationInput.Run):
                RunGuest();
                break;
            case FrameKind.Resume when state.State is DestinationState.Recovering or DestinationState.Completed:
                state.TryTake(DestinationInput.Resume);
                error = null;
                ReportState();
                break;
            case FrameKind.Bye when state.State == DestinationState.Completed:
                main!.End();
                urgent?.End();
                Over(true);
                break;
            case FrameKind.Cancel:
                SourceKeeps("The source cancelled the migration.");
                break;
            case FrameKind.Failed:
                string text = reader.Text();
                SourceKeeps($"The source says: {text}");
                break;
            default:
                throw new ProtocolException($"a {kind} frame, while the migration is {Phase.Name()}");
        }
    }

    private void Compare(byte[] description)
    {
        Then(() =>
        {
            string? difference = machine.DifferenceFrom(description);
            Step(() =>
            {
                if (state.State != DestinationState.Comparing)
                    return;
                if (difference is null)
                {
                    state.TryTake(DestinationInput.Same);
                    main!.Enqueue(FrameKind.Accept, []);
                    ReportState();
                    return;
                }
                main!.EndWith(FrameKind.Refuse, difference);
                LinkLost($"The machines differ: {difference}");
            });
        });
    }

    // Under the lock, at CODE.
    private void TranslateAhead(ref PayloadReader reader)
    {
        int count = reader.Left / sizeof(ulong);
        if (count is 0 or > Protocol.CodeInFrame)
            throw new ProtocolException($"a Code frame with {count} names, not 1 to {Protocol.CodeInFrame}");
        codeNamed += count;
        if (codeNamed > Protocol.MostCode)
            throw new ProtocolException($"more than {Protocol.MostCode} names of code");
        ulong[] code = new ulong[count];
        for (int n = 0; n < count; n++)
            code[n] = reader.UInt64();
        Then(() =>
        {
            machine.TranslateAhead(code);
            Step(() =>
            {
                // Of interest before the switch-over alone.
                if (state.State == DestinationState.Receiving)
                    main!.Enqueue(FrameKind.CodeReady, []);
            });
        });
    }

    // Under the lock, at SWITCH.
    private void BeginSwitchOver(SwitchPayload payload)
    {
        // The urgent channel, if pages are to be missing, may still be on its way: connections are not in step. Requests wait for it.
        state.TryTake(DestinationInput.Switch);
        announced = payload;
        stateBytes = new byte[payload.StateLength];
        stateReceived = 0;
        ReportState();
    }

    private void ReadMissing(ref PayloadReader reader)
    {
        long from = 0;
        do
        {
            (long first, long count) = PageRanges.Read(ref reader, memory.PageCount, ref from);
            missing.AddRange(first, count);
        }
        while (reader.Left != 0);
        if (missing.CountPages() > announced.MissingPages)
            throw new ProtocolException($"{missing.CountPages()} missing pages, where {announced.MissingPages} were announced");
    }

    private void ReadState(ReadOnlySpan<byte> piece)
    {
        if (piece.Length == 0 || piece.Length > stateBytes.Length - stateReceived)
            throw new ProtocolException($"more machine state than the {stateBytes.Length} bytes announced, or an empty piece");
        piece.CopyTo(stateBytes.AsSpan(stateReceived));
        stateReceived += piece.Length;
    }

    // Under the lock, at PREPARE.
    private void Prepare()
    {
        if (stateReceived != stateBytes.Length || System.IO.Hashing.XxHash3.HashToUInt64(stateBytes) != announced.StateHash)
            throw new ProtocolException($"machine state of {stateReceived} bytes that is not the {stateBytes.Length} announced");
        if (missing.CountPages() != announced.MissingPages)
            throw new ProtocolException($"{missing.CountPages()} missing pages, where {announced.MissingPages} were announced");
        state.TryTake(DestinationInput.Prepare);
        pagesFollow = !missing.IsEmpty;
        Then(() => memory.WhenSettled(failure => Step(() =>
        {
            if (state.State != DestinationState.Restoring)
                return;
            if (failure is not null)
                LinkLost($"Guest RAM cannot take its pages: {failure}");
            else
                Then(Restore);
        })));
    }

    // Not under the lock; `missing` changes no more before the guest runs.
    private void Restore()
    {
        for (long page = missing.NextPage(0); page < missing.Count;)
        {
            long count = missing.NextGap(page) - page;
            memory.MarkAbsent(page, count);
            page = missing.NextPage(page + count);
        }
        string? failure = machine.Restore(stateBytes);
        Step(() =>
        {
            stateBytes = [];
            if (failure is not null)
            {
                LinkLost($"The machine's state cannot be restored: {failure}");
                return;
            }
            if (!state.TryTake(DestinationInput.Restored))
                return;
            main!.Enqueue(FrameKind.Ready, []);
            ReportState();
        });
    }

    // Under the lock, at RUN, once: there is no way back to a state that takes it.
    private void RunGuest()
    {
        error = null;
        ReportState();
        AskForAll();
        Then(() =>
        {
            machine.Run();
            Step(() =>
            {
                main?.Enqueue(FrameKind.Running, []);
                hasRun = true;
                CheckAllArrived();
            });
        });
    }
}
