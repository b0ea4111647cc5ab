using Meanwhile.Arm64;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Arm64.Sdei;

/// <summary>
/// SDEI on one PE: its mask, its private events, and the contexts that running handlers interrupted. Of the vCPU's thread, but for
/// signalling an event.
/// </summary>
internal sealed class SdeiVcpu
{
    /// <summary>PSTATE of a handler: EL1h with D, A, I and F masked (DEN0054 4.3.3).</summary>
    private const ulong HandlerPstate = 0x3C5;

    /// <summary>X0..X17 are the dispatcher's to keep.</summary>
    private const int SavedRegisters = 18;

    private readonly SdeiEvent[] events;
    private readonly SdeiContext[] contexts = [new(), new()];

    public SdeiVcpu(IEnumerable<SdeiEventDescription> descriptions)
    {
        events = [.. descriptions.Select(description => new SdeiEvent(description))];
        Reset();
    }

    /// <summary>PE_MASK state; a PE starts masked (DEN0054 4.3.4).</summary>
    public bool Masked { get; set; }

    public IReadOnlyList<SdeiEvent> Events => events;

    public SdeiEvent? Find(uint number)
    {
        foreach (SdeiEvent candidate in events)
        {
            if (candidate.Description.Number == number)
                return candidate;
        }
        return null;
    }

    /// <summary>The handler that runs: the critical one when both do, because it interrupted the normal one.</summary>
    public SdeiEvent? RunningEvent => contexts[(int)SdeiPriority.Critical].Event ?? contexts[(int)SdeiPriority.Normal].Event;

    private SdeiContext RunningContext =>
        contexts[(int)(contexts[(int)SdeiPriority.Critical].Event is null ? SdeiPriority.Normal : SdeiPriority.Critical)];

    /// <summary>Registered, enabled, and nothing on the PE stands in its way.</summary>
    public bool CanDeliver(SdeiEvent candidate)
    {
        if (Masked || !candidate.Registered || !candidate.Enabled || candidate.Running)
            return false;
        // DEN0054 4.3.2: a critical event waits for critical ones only, a normal event for any.
        return contexts[(int)SdeiPriority.Critical].Event is null
            && (candidate.Description.Priority == SdeiPriority.Critical || contexts[(int)SdeiPriority.Normal].Event is null);
    }

    /// <summary>The event to deliver now, critical before normal.</summary>
    public SdeiEvent? NextDeliverable()
    {
        SdeiEvent? next = null;
        foreach (SdeiEvent candidate in events)
        {
            if (candidate.Pending && CanDeliver(candidate) && (next is null || candidate.Description.Priority > next.Description.Priority))
                next = candidate;
        }
        return next;
    }

    /// <summary>Enters the handler of <paramref name="delivered"/> (DEN0054 4.3.3).</summary>
    public void Enter(SdeiEvent delivered, IVcpuEngine engine)
    {
        delivered.TakeSignal();
        delivered.Running = true;
        SdeiContext context = contexts[(int)delivered.Description.Priority];
        context.Event = delivered;
        for (int index = 0; index < SavedRegisters; index++)
            context.Registers[index] = engine.GetRegister(VcpuRegister.X0 + index);
        context.Pc = engine.GetRegister(VcpuRegister.Pc);
        context.Pstate = engine.GetRegister(VcpuRegister.Pstate);
        engine.SetRegister(VcpuRegister.X0, delivered.Description.Number);
        engine.SetRegister(VcpuRegister.X0 + 1, delivered.Argument);
        engine.SetRegister(VcpuRegister.X0 + 2, context.Pc);
        engine.SetRegister(VcpuRegister.X0 + 3, context.Pstate);
        engine.SetRegister(VcpuRegister.Pstate, HandlerPstate);
        engine.SetRegister(VcpuRegister.Pc, delivered.EntryPoint);
    }

    /// <summary>EVENT_CONTEXT: a register of what the running handler interrupted. A handler must run, index below 18.</summary>
    public ulong InterruptedRegister(int index) => RunningContext.Registers[index];

    /// <summary>True when EVENT_CONTEXT knows register <paramref name="index"/>.</summary>
    public static bool IsSavedRegister(ulong index) => index < SavedRegisters;

    /// <summary>EVENT_COMPLETE: what was interrupted goes on. A handler must run.</summary>
    public void Complete(IVcpuEngine engine)
    {
        SdeiContext context = Leave(engine);
        engine.SetRegister(VcpuRegister.Pstate, context.Pstate);
        engine.SetRegister(VcpuRegister.Pc, context.Pc);
    }

    /// <summary>
    /// EVENT_COMPLETE_AND_RESUME: as if what was interrupted had taken an exception to <paramref name="address"/> (DEN0054 5.1.7).
    /// A handler must run.
    /// </summary>
    public void CompleteAndResume(IVcpuEngine engine, ulong address)
    {
        SdeiContext context = Leave(engine);
        engine.SetRegister(VcpuRegister.Pstate, HandlerPstate);
        engine.SetRegister(VcpuRegister.ElrEl1, context.Pc);
        engine.SetRegister(VcpuRegister.SpsrEl1, context.Pstate);
        engine.SetRegister(VcpuRegister.Pc, address);
    }

    public void Reset()
    {
        Masked = true;
        foreach (SdeiEvent candidate in events)
            candidate.Reset();
        foreach (SdeiContext context in contexts)
            context.Event = null;
    }

    public void Save(StateWriter writer)
    {
        writer.WriteBoolean(Masked);
        writer.WriteUInt32((uint)events.Length);
        foreach (SdeiEvent saved in events)
            saved.Save(writer);
        foreach (SdeiContext context in contexts)
            context.Save(writer);
    }

    public void Restore(StateReader reader)
    {
        Masked = reader.ReadBoolean();
        reader.RequireUInt32((uint)events.Length, "the number of events");
        foreach (SdeiEvent restored in events)
            restored.Restore(reader);
        for (int priority = 0; priority < contexts.Length; priority++)
        {
            uint? number = contexts[priority].Restore(reader);
            SdeiEvent? running = number is { } there ? Find(there) : null;
            reader.Require(
                number is null || (running is { Running: true } && (int)running.Description.Priority == priority),
                $"event 0x{number:x} has a context but does not run at priority {priority}");
            contexts[priority].Event = running;
        }

        foreach (SdeiEvent candidate in events)
        {
            bool consistent = candidate.Running == (contexts[(int)candidate.Description.Priority].Event == candidate);
            reader.Require(consistent, $"event 0x{candidate.Description.Number:x} runs without a context");
        }
    }

    private SdeiContext Leave(IVcpuEngine engine)
    {
        SdeiContext context = RunningContext;
        SdeiEvent completed = context.Event!;
        context.Event = null;
        completed.Running = false;
        if (completed.UnregisterPending)
            completed.Unregister();
        for (int index = 0; index < SavedRegisters; index++)
            engine.SetRegister(VcpuRegister.X0 + index, context.Registers[index]);
        return context;
    }

    /// <summary>What a handler of one priority interrupted.</summary>
    private sealed class SdeiContext
    {
        public SdeiEvent? Event { get; set; }

        public ulong[] Registers { get; } = new ulong[SavedRegisters];

        public ulong Pc { get; set; }

        public ulong Pstate { get; set; }

        public void Save(StateWriter writer)
        {
            writer.WriteBoolean(Event is not null);
            if (Event is null)
                return;
            writer.WriteUInt32(Event.Description.Number);
            foreach (ulong register in Registers)
                writer.WriteUInt64(register);
            writer.WriteUInt64(Pc);
            writer.WriteUInt64(Pstate);
        }

        /// <summary>Takes the registers, and answers the number of the event that runs.</summary>
        public uint? Restore(StateReader reader)
        {
            if (!reader.ReadBoolean())
                return null;
            uint number = reader.ReadUInt32();
            foreach (ref ulong register in Registers.AsSpan())
                register = reader.ReadUInt64();
            Pc = reader.ReadUInt64();
            Pstate = reader.ReadUInt64();
            // It is put back without a look when the handler completes.
            reader.Require(Core.IsPstate(Pstate), $"an interrupted PSTATE of 0x{Pstate:x}");
            return number;
        }
    }
}
