using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Arm64.GicV3;

/// <content>Saving and restoring, with the masks of the registers.</content>
internal sealed partial class GicCpuInterface
{
    internal void Save(StateWriter writer)
    {
        Bank.Save(writer);
        writer.WriteBoolean(Asleep);
        writer.WriteWords(activePriorities);
        writer.WriteByte((byte)priorityMask);
        writer.WriteByte((byte)binaryPoint0);
        writer.WriteByte((byte)binaryPoint1);
        writer.WriteBoolean(commonBinaryPoint);
        writer.WriteBoolean(separateDeactivation);
        writer.WriteBoolean(group0Enabled);
        writer.WriteBoolean(group1Enabled);
    }

    internal void Restore(StateReader reader)
    {
        Bank.Restore(reader);
        Asleep = reader.ReadBoolean();
        reader.ReadWords(activePriorities);
        priorityMask = reader.ReadByte() & InterruptBank.PriorityMask;
        binaryPoint0 = Math.Max(reader.ReadByte() & 7, MinimumBinaryPoint0);
        binaryPoint1 = Math.Max(reader.ReadByte() & 7, MinimumBinaryPoint1);
        commonBinaryPoint = reader.ReadBoolean();
        separateDeactivation = reader.ReadBoolean();
        group0Enabled = reader.ReadBoolean();
        group1Enabled = reader.ReadBoolean();
    }
}
