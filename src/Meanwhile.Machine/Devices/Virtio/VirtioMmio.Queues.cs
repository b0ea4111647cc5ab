using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices.Virtio;

/// <content>The queues: set up by the driver, opened when their rings are there, and served when it notifies.</content>
public sealed partial class VirtioMmio
{
    private void WriteQueueReady(uint value)
    {
        if (SelectedQueue is not { } registers || (value != 0) == registers.Ready)
            return;
        if (value == 0)
        {
            registers.Close();
            return;
        }

        registers.Ready = true;
        if ((status & VirtioStatus.NeedsReset) != 0)
            return;
        var queue = new VirtQueue(this, registers.Layout((int)queueSelect, driverFeatures));
        registers.Active = queue;
        Post(() => Open(queue));
    }

    private async void Open(VirtQueue queue)
    {
        BeginWork();
        try
        {
            if (await queue.OpenAsync())
                Serve(queue);
        }
        catch (GuestRingException error)
        {
            FailGuest(queue, error);
        }
        catch (QueueClosedException)
        {
            // Reset before the rings were there.
        }
        catch (Exception error)
        {
            FailMonitor(error);
        }
        finally
        {
            EndWork();
        }
    }

    private void Notify(uint index)
    {
        if ((status & (VirtioStatus.DriverOk | VirtioStatus.NeedsReset)) != VirtioStatus.DriverOk || index >= (uint)queues.Length)
            return;
        if (held)
        {
            queues[index].NotifiedWhileHeld = true;
            return;
        }

        if (queues[index].Active is not { } queue || !queue.TryBeginNotification())
            return;
        Post(() =>
        {
            queue.EndNotification();
            Serve(queue);
        });
    }

    private void Serve(VirtQueue queue)
    {
        // 3.1.1: no buffer is consumed before DRIVER_OK.
        if ((Volatile.Read(ref status) & VirtioStatus.DriverOk) == 0)
            return;
        try
        {
            device!.Process(queue);
        }
        catch (GuestRingException error)
        {
            FailGuest(queue, error);
        }
    }

    /// <summary>A queue's set-up as the driver writes it.</summary>
    private sealed class QueueRegisters
    {
        private uint size;
        private ulong descriptors;
        private ulong driver;
        private ulong device;

        public bool Ready { get; set; }

        public VirtQueue? Active { get; set; }

        /// <summary>Somebody had something for the queue while the device was held.</summary>
        public bool NotifiedWhileHeld { get; set; }

        /// <summary>It was restored, and its rings are not pinned yet.</summary>
        public bool IsToBeOpened { get; set; }

        public VirtQueueLayout Layout(int index, ulong features) =>
            new(index, (int)Math.Min(size, int.MaxValue), descriptors, driver, device, features);

        public void Write(ulong offset, uint value)
        {
            switch (offset)
            {
                case Register.QueueSize:
                    size = value;
                    break;
                case Register.QueueDescriptorsLow:
                    descriptors = Low(descriptors, value);
                    break;
                case Register.QueueDescriptorsHigh:
                    descriptors = High(descriptors, value);
                    break;
                case Register.QueueDriverLow:
                    driver = Low(driver, value);
                    break;
                case Register.QueueDriverHigh:
                    driver = High(driver, value);
                    break;
                case Register.QueueDeviceLow:
                    device = Low(device, value);
                    break;
                case Register.QueueDeviceHigh:
                    device = High(device, value);
                    break;
            }
        }

        public void Save(StateWriter writer)
        {
            writer.WriteUInt32(size);
            writer.WriteUInt64(descriptors);
            writer.WriteUInt64(driver);
            writer.WriteUInt64(device);
            writer.WriteBoolean(Ready);
            writer.WriteBoolean(Active is not null);
            Active?.Save(writer);
        }

        // Size and addresses are looked at when the queue is opened, as those of a driver.
        public void Restore(StateReader reader, VirtioMmio transport, int index)
        {
            size = reader.ReadUInt32();
            descriptors = reader.ReadUInt64();
            driver = reader.ReadUInt64();
            device = reader.ReadUInt64();
            Ready = reader.ReadBoolean();
            if (!reader.ReadBoolean())
                return;
            reader.Require(Ready, $"queue {index} is in use and not ready");
            Active = new VirtQueue(transport, Layout(index, reader.ReadUInt64()));
            Active.ContinueAt(reader.ReadUInt16(), reader.ReadUInt16());
            IsToBeOpened = true;
        }

        public void Close()
        {
            IsToBeOpened = false;
            Active?.Close();
            Active = null;
            Ready = false;
        }

        public void Reset()
        {
            Close();
            size = 0;
            descriptors = driver = device = 0;
        }

        private static ulong Low(ulong old, uint value) => (old & 0xFFFF_FFFF_0000_0000) | value;

        private static ulong High(ulong old, uint value) => (old & 0xFFFF_FFFF) | ((ulong)value << 32);
    }
}
