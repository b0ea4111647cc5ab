namespace Meanwhile.Migration.Tests.State;

/// <summary>
/// What becomes of each field: a type, then lines of fields and, after a colon, "saved", "part" (what it refers to is in this table itself), or why it
/// is not saved.
/// </summary>
internal static class StateFieldTable
{
    public const string Text = """
        Core
          State, mmio: part
          lastExceptionAt: saved
          stepControl, lowerRange, upperRange, outputBits, hardwareAccessFlag, hardwareDirtyState, currentAsid: follow from the registers, whose writes compute them
          leavings, linked, jumpCacheClears, unitLookups, DataTlbFills, dataTlbMisses, windowFills, windowReturns, fetchTlbFills, tlbFlushes, yields: counters for people
          handle, Memory, SystemRegisterBus, translated, PerfMap: what the core was made with
          code, fetchPage, fetchHost, fetchMode, flushCode, jumpCache, clearJumpCache, seenGeneration, tablePages: caches of code, which is found again
          dataTlbs, fetchTlbs, contextOfAsid, epoch, nextContext, upperContext, upperRangeUsesAsid, largeRegions, hugeRegions, lastLocated, walkCache, walkCacheIsEmpty, displaced: the TLB, which may be empty at any time
          WorkingSet, listedIn: of who moves the guest away from this host
          requests: maintenance of caches that are empty elsewhere
          isInTranslatedCode, isRunning, handlerFailure: of a run under way
        CpuState
          X, V, Pc, Nzcv, Fpcr, Fpsr, El, SpSel, Daif, Pan, Uao, Ss, Il, EventRegister, SpEl0, SpEl1, InstructionsRetired: saved
          ExclusiveSize, ExclusiveAddress, ExclusiveLow, ExclusiveHigh: saved
          System: part
          DataTlb, TlbMask, TlbTag, DataTag, UnprivilegedTlb, JumpKey, JumpCacheSeconds, JumpCacheClearings: caches, or where they are
          SpAlignmentMask: follows from SCTLR_EL1 and PSTATE
          Attention: set again by what it stands for
          InterruptLines: driven again by the interrupt controller
          HostFlags, FpReady, Remaining, Beyond, Limit, ExitInsn, LinkSite, CodePageVa, CountedUpTo, Pending: of a run under way
          BroadcastSinceBarrier: other PEs have nothing left to do when the machine is held
          CoreHandle: of the host
          DataTlbHits, BlocksExecuted, HandlerCalls: counters for people
          filler: nothing
        SystemRegisterFile
          SctlrEl1, Ttbr0El1, Ttbr1El1, TcrEl1, MairEl1, VbarEl1, EsrEl1, FarEl1, ElrEl1, SpsrEl1, ParEl1, ContextidrEl1: saved
          TpidrEl0, TpidrroEl0, TpidrEl1, CpacrEl1, CntkctlEl1, CsselrEl1, MdscrEl1, OslsrEl1, OsdlrEl1: saved
          MdccintEl1, OseccrEl1, OsdtrrxEl1, OsdtrtxEl1, DbgprcrEl1, DbgclaimEl1, Dbgbvr, Dbgbcr, Dbgwvr, Dbgwcr: saved
          AmairEl1, Afsr0El1, Afsr1El1, ActlrEl1: saved, and always zero
          MidrEl1, MpidrEl1: compared
          OslarEl1: has no state; OSLSR_EL1 shows what it did
        MmioLog
          data, Count: saved
          Pc: is PC, or the log says nothing
          next: of a run under way
          Waiting: an access that waits was not made; the instruction makes it again
        Vcpu
          PowerState, entryPoint, entryContext, halted: saved
          Engine: part
          machine, virtualClock, Index, Mpidr, gate, wakeup, polling, disposed, turnBegan: of the host, or what it was made with
          acknowledgements, requests, inGuest, haltAfterCall, givesTimeAway, rehearses: none while the machine is held
          interruptLines: driven again by the interrupt controller
          Statistics: counters for people
        SoftwareEngine
          core: part
          retired, disposed: after the end
        VirtualMachine
          eventSources, stateSections, timers, counter, Clock, Gic, Vcpus, Hypercalls: part
          Ram: memory, which goes by itself
          resetHandlers, workQueues, RamBase, Memory, Dma, Mmio, VendorServices, FaultHandler: what it was made with
          disposed, unusable, stateGate, outcome, paused, held, running, active, parked: whether it runs on this host
          throttlePercent, throttles: a destination begins unthrottled
          SharesProcessors, workingSet: of who moves the guest away from this host
        VirtualClock
          skipped: saved
          nanoseconds, instructions: compared
          instructionsRetired: follows from the vCPU
          events: each belongs to somebody who plans it again: timers, the alarm, devices, which are idle
          gate, wake, owner, guestRunning, published: of a run under way
        RealClock
          gate, events, alarm, start, thread, disposed, Failed: the host's time is the host's; the guest's is the counter's
        GuestCounter
          stoppedAt: saved
          offset: follows when it goes on
          clock: what it was made with
        ClockState
          clock, counter: part
        Gic
          cpus, distributor: part
          SpiCount: compared
          Redistributors, Gate: what it was made with
        Distributor
          control, routes: saved
          Bank: part
          gic: what it was made with
        RedistributorRegion
          gic: what it was made with
        GicCpuInterface
          activePriorities, priorityMask, binaryPoint0, binaryPoint1, commonBinaryPoint, separateDeactivation: saved
          group0Enabled, group1Enabled, Asleep: saved
          Bank: part
          signalled: follows from the rest
          output, Gic, Index, AffinityValue: what it was made with
        InterruptBank
          group, enabled, latched, active, lines, edge, priorities: saved
          firstWord, alwaysEdge, First, Count: what it was made with
        GenericTimer
          Virtual, Physical: part
          index, clock, counter: what it was made with
        GenericTimer.Comparator
          control, compareValue: saved
          alarm, alarmDeferred: follow from the rest
          timer, line, gate: what it was made with
        Psci
          machine: part
        SeededEntropySource
          state: saved
        SdeiService
          vcpus: part
          machine: what it was made with
        SdeiVcpu
          Masked: saved
          events, contexts: part
        SdeiEvent
          pending, Registered, Enabled, Running, UnregisterPending, EntryPoint, Argument: saved
          Description: compared
        SdeiVcpu.SdeiContext
          Event, Registers, Pc, Pstate: saved
        AsyncPageFaultService
          architectures, queues: part
        AsyncPageFaultQueue
          sequence: saved
          gfns, tokens, pending, completed: outstanding faults stay behind, and wake-all covers them (docs/protocol.md section 5)
          gate, vcpuId, architecture, requestPage, clock, kick: what it was made with
          decisions, pageLatency, readyLatency, peakOutstanding, cancelled, readied, wakeAlls, dropped, rehearsed: counters for people
        Arm64AsyncPageFaults
          vcpus, service: part
          notPresentEvent, readyPpi: compared
        AsyncPageFaultVcpu
          Control, armedToken, readyUnacknowledged: saved
          notPresentEvent, readyPpi: compared
          block: follows from the control word; its content is memory
          machine, vcpu, sdei, readyLine, queue: what it was made with
        SharedBlock
          ram, pinned, gate: what it was made with
          wanted, held, pinning, words: follow from the control word
        Pl011
          receive, pendingInput, receiveStatus, lowPower, integerBaud, fractionalBaud, lineControl, control, fifoLevels: saved
          interruptMask, rawInterrupts, dmaControl: saved
          modem: follows from the control register
          gate, line, backend: what it was made with
          bytesSent, bytesReceived, overruns: counters for people
        Pl031
          epoch, offset, match, load, interruptMask, rawInterrupt: saved
          alarm: saved, whether there is one
          gate, line, clock, alarmGeneration: what it was made with, or of the host
          alarms: counter for people
        Pl061
          input, output, direction, interruptSense, interruptBothEdges, interruptEvent, interruptMask, modeControl, edges: saved
          gate, line: what it was made with
          inputChanges: counter for people
        PowerButton
          isPressed, releaseTime: saved, as the rest of the time
          release: scheduled again
          isAboutToBePressed: what is due on the virtual clock is run before the machine is saved
          gate, line, clock, standsStill, releaseGeneration, stoodStill: what it was made with, or of the host
        VmGenerationId
          id: saved
          gate, line: what it was made with
          renewals: counter for people
        VirtioMmio
          deviceFeaturesSelect, driverFeaturesSelect, driverFeatures, queueSelect, interruptStatus, status, configurationGeneration: saved
          queues, device: part
          line, work, Slot, Gate, Memory: what it was made with
          notifications, interrupts, guestErrors, LastGuestError: for people
          workUnderWay, held: whether it works on this host
        VirtioMmio.QueueRegisters
          size, descriptors, driver, device, Ready: saved
          Active: part
          NotifiedWhileHeld, IsToBeOpened: a restored queue is opened and looked at in any case
        VirtQueue
          nextAvailable, nextUsed: saved
          layout: follows from the registers, but for the features, which are saved
          eventIndex, indirect: follow from the layout
          descriptorTable, availableRing, usedRing, open, closed: pinned again
          inFlight, notified, IsBusy: none while the machine is held
          transport: what it was made with
        VirtioDevice
          Name, DeviceId, QueueCount, Transport: what it was made with
        VirtioBlock
          storage, id: compared
          requests, errors, bytesRead, bytesWritten: counters for people
        VirtioConsole
          input, columns, rows: saved
          backend, inputGate: what it was made with
          bytesSent, bytesReceived: counters for people
        VirtioEntropy
          source: part
          bytes: counter for people
        VirtMachine
          devices, transports, entropy, Hypervisor, Uart, Rtc, Gpio, PowerButton, GenerationId, Console: part
          Ram: memory, which goes by itself
          options, disposables, disks: what it was made with
        SmcccBus
          services: part
        VendorHypervisorService
          functions: what it was made with
        Trng
          entropy: part
        MmioBus
          mappings: what it was made with
          unmappedAccesses: counter for people
        """;
}
