using System.Buffers.Binary;
using System.Text;
using Meanwhile.Machine.Devices.Virtio;
using Meanwhile.Machine.Tests.Fakes;

namespace Meanwhile.Machine.Tests.Devices.Virtio;

/// <summary>After virtio 1.2, 5.2.</summary>
public sealed class VirtioBlock_Tests : IDisposable
{
    private const uint In = 0, Out = 1, Flush = 4, GetId = 8, Discard = 11, WriteZeroes = 13;
    private const byte Ok = 0, IoError = 1, Unsupported = 2;
    private const ulong FlushFeature = 1 << 9;
    private const int Sectors = 1024;
    private static readonly ulong Header = VirtioDriver.Data - 0x1000;
    private static readonly ulong StatusByte = VirtioDriver.Data - 0x800;

    private readonly FakeStorage storage = new(Sectors * 512);
    private readonly VirtioDriver driver;

    public VirtioBlock_Tests()
    {
        new Random(5).NextBytes(storage.Content);
        driver = new VirtioDriver(new VirtioBlock("blk", storage, "serial-1"));
    }

    public void Dispose() => driver.Dispose();

    [Fact]
    public void Configuration_tells_capacity_and_limits()
    {
        Assert.Equal(2u, driver.Get(8));
        Assert.Equal((ulong)Sectors, driver.Device.Read(0x100, 8));
        Assert.Equal((uint)Sectors, driver.Get(0x100));
        Assert.Equal(254u, driver.Get(0x10C));
        Assert.Equal(512u, driver.Get(0x114));
        Assert.Equal(1ul, driver.Device.Read(0x122, 2));
        Assert.Equal(0u, driver.Get(0x13C));
    }

    [Fact]
    public void Features_of_a_writable_disk_have_flush_discard_and_write_zeroes() =>
        Assert.Equal((1ul << 2) | (1 << 6) | (1 << 9) | (1 << 10) | (1 << 13) | (1 << 14), driver.OfferedFeatures() & 0xFF_FFFF);

    [Fact]
    public void A_read_fills_the_buffer()
    {
        driver.Start();
        Assert.Equal(Ok, Request(In, 3, 1024, VirtioDriver.Write));
        Assert.Equal(storage.Content[1536..2560], driver.Memory[VirtioDriver.Data, 1024].ToArray());
        Assert.Equal(1025u, driver.UsedElement(0).Length);
    }

    [Fact]
    public void A_read_larger_than_the_bounce_buffer_arrives_whole()
    {
        driver.Start();
        Assert.Equal(Ok, Request(In, 0, Sectors * 512, VirtioDriver.Write));
        Assert.Equal(storage.Content, driver.Memory[VirtioDriver.Data, Sectors * 512].ToArray());
        Assert.Equal(4, driver.Memory.MostPins); // three rings and one page
    }

    [Fact]
    public void A_write_reaches_the_storage()
    {
        driver.Start(VirtioDriver.Version1 | FlushFeature);
        driver.Memory[VirtioDriver.Data, 512].Fill(0xA5);
        Assert.Equal(Ok, Request(Out, Sectors - 1, 512, 0));
        Assert.All(storage.Content[^512..], value => Assert.Equal(0xA5, value));
        Assert.Equal(0, storage.Flushes);
        Assert.Equal(1u, driver.UsedElement(0).Length);
    }

    [Fact]
    public void Without_the_flush_feature_each_write_is_durable()
    {
        driver.Start();
        Request(Out, 0, 512, 0);
        Assert.Equal(1, storage.Flushes);
    }

    [Fact]
    public void Flush_flushes()
    {
        driver.Start(VirtioDriver.Version1 | FlushFeature);
        Assert.Equal(Ok, Request(Flush, 0, 0, 0));
        Assert.Equal(1, storage.Flushes);
    }

    [Fact]
    public void Get_id_gives_the_serial_number_padded_with_zeros()
    {
        driver.Start();
        Assert.Equal(Ok, Request(GetId, 0, 20, VirtioDriver.Write));
        Assert.Equal("serial-1" + new string('\0', 12), Encoding.ASCII.GetString(driver.Memory[VirtioDriver.Data, 20]));
    }

    [Theory]
    [InlineData(In, Sectors, 512)]
    [InlineData(In, Sectors - 1, 1024)]
    [InlineData(Out, Sectors, 512)]
    [InlineData(Out, ulong.MaxValue, 512)]
    [InlineData(In, ulong.MaxValue / 512, 512)]
    [InlineData(In, 0, 100)]
    public void Requests_beyond_the_end_or_of_part_of_a_sector_fail(uint type, ulong sector, uint length)
    {
        byte[] before = [.. storage.Content];
        driver.Start();
        Assert.Equal(IoError, Request(type, sector, length, type == In ? VirtioDriver.Write : (ushort)0));
        Assert.Equal(before, storage.Content);
        Assert.False(driver.NeedsReset);
    }

    [Fact]
    public void An_unknown_request_is_unsupported()
    {
        driver.Start();
        Assert.Equal(Unsupported, Request(0x77, 0, 512, VirtioDriver.Write));
    }

    [Fact]
    public void A_defect_of_the_monitor_is_thrown_by_the_work_queue()
    {
        storage.HasDefect = true;
        driver.Start();
        Exception thrown = Assert.Throws<InvalidOperationException>(() => Request(In, 0, 512, VirtioDriver.Write));
        Assert.Equal("defect", thrown.Message);
    }

    [Fact]
    public void An_error_of_the_storage_is_the_guests_IO_error()
    {
        driver.Start();
        storage.Broken = true;
        Assert.Equal(IoError, Request(In, 0, 512, VirtioDriver.Write));
        Assert.Equal(1, driver.Device.Statistics.Single(s => s.Name == "errors").Value);
    }

    [Fact]
    public void Discard_and_write_zeroes_take_ranges()
    {
        driver.Start();
        PutRange(0, sector: 8, sectors: 16, flags: 0);
        PutRange(1, sector: 100, sectors: 1, flags: 0);
        Assert.Equal(Ok, Request(Discard, 0, 32, 0));
        Assert.Equal([(8 * 512, 16 * 512), (100 * 512, 512)], storage.Discards);
        PutRange(0, sector: 8, sectors: 16, flags: 1);
        Assert.Equal(Ok, Request(WriteZeroes, 0, 16, 0));
        Assert.All(storage.Content[(8 * 512)..(24 * 512)], value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(Discard, 0, 8, 1, Unsupported)]
    [InlineData(WriteZeroes, 0, 8, 2, Unsupported)]
    [InlineData(WriteZeroes, Sectors - 1, 2, 0, IoError)]
    [InlineData(WriteZeroes, 0, 0xFFFF_FFFF, 0, IoError)]
    public void Wrong_ranges_are_refused(uint type, ulong sector, uint sectors, uint flags, byte status)
    {
        byte[] before = [.. storage.Content];
        driver.Start();
        PutRange(0, sector, sectors, flags);
        Assert.Equal(status, Request(type, 0, 16, 0));
        Assert.Equal(before, storage.Content);
        Assert.Empty(storage.Discards);
    }

    [Fact]
    public void A_read_only_disk_says_so_and_refuses_writes()
    {
        var storage = new FakeStorage(4096, readOnly: true);
        using var driver = new VirtioDriver(new VirtioBlock("blk", storage, "x"));
        Assert.Equal(1ul << 5, driver.OfferedFeatures() & ((1 << 5) | (1 << 13) | (1 << 14)));
        driver.Start();
        driver.Memory[VirtioDriver.Data, 512].Fill(1);
        Assert.Equal(IoError, Request(driver, Out, 0, 512, 0, 0));
        Assert.All(storage.Content, value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_header_in_pieces_is_put_together()
    {
        driver.Start();
        PutHeader(driver, In, 3, Header);
        driver.Describe(0, Header, 1, VirtioDriver.Next, 1);
        driver.Describe(1, Header + 1, 15, VirtioDriver.Next, 2);
        driver.Describe(2, VirtioDriver.Data, 100, VirtioDriver.Write | VirtioDriver.Next, 3);
        driver.Describe(3, VirtioDriver.Data + 0x1000, 413, VirtioDriver.Write);
        driver.Submit(0);
        byte[] got = [.. driver.Memory[VirtioDriver.Data, 100], .. driver.Memory[VirtioDriver.Data + 0x1000, 412]];
        Assert.Equal(storage.Content[1536..2048], got);
        Assert.Equal(Ok, driver.Memory.At<byte>(VirtioDriver.Data + 0x1000 + 412));
    }

    [Fact]
    public void Malformed_a_request_without_status_byte()
    {
        driver.Start();
        PutHeader(driver, Out, 0, Header);
        driver.Describe(0, Header, 16, VirtioDriver.Next, 1);
        driver.Describe(1, VirtioDriver.Data, 512, 0);
        driver.Submit(0);
        Assert.True(driver.NeedsReset);
    }

    [Fact]
    public void Malformed_a_request_without_a_whole_header()
    {
        driver.Start();
        driver.Describe(0, Header, 15, VirtioDriver.Next, 1);
        driver.Describe(1, VirtioDriver.Data, 513, VirtioDriver.Write);
        driver.Submit(0);
        Assert.True(driver.NeedsReset);
    }

    [Fact]
    public void A_request_that_waits_for_a_page_does_not_hold_up_the_next()
    {
        driver.Start();
        driver.Memory.MakeAbsent(VirtioDriver.Data + 0x2000);
        Submit(driver, In, 0, 512, VirtioDriver.Write, slot: 0, data: VirtioDriver.Data + 0x2000);
        Submit(driver, In, 1, 512, VirtioDriver.Write, slot: 1, data: VirtioDriver.Data);
        Assert.Equal(1, driver.UsedIndex());
        Assert.Equal(3u, driver.UsedElement(0).Head);
        Assert.Equal(1, driver.Memory.Waiters);

        driver.Memory.MakePresent(VirtioDriver.Data + 0x2000);
        Assert.Equal(1, driver.UsedIndex()); // the answer goes over the device's queue
        driver.Work.Run();
        Assert.Equal(2, driver.UsedIndex());
        Assert.Equal(0u, driver.UsedElement(1).Head);
        Assert.Equal(storage.Content[..512], driver.Memory[VirtioDriver.Data + 0x2000, 512].ToArray());
    }

    [Fact]
    public void Rings_on_absent_pages_hold_up_nobody_but_the_queue()
    {
        driver.Memory.MakeAbsent(VirtioDriver.Used(0));
        driver.Start();
        Submit(driver, In, 0, 512, VirtioDriver.Write, 0, VirtioDriver.Data);
        Assert.Equal(0, driver.UsedIndex());
        driver.Memory.MakePresent(VirtioDriver.Used(0));
        driver.Work.Run();
        Assert.Equal(1, driver.UsedIndex());
    }

    [Fact]
    public void Raw_disks_keep_what_is_written_and_punch_holes()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [.. Enumerable.Repeat((byte)7, 64 * 1024)]);
            using (var disk = new RawDisk(path, readOnly: false))
            {
                Assert.Equal(64 * 1024, disk.Length);
                disk.Write(512, new byte[] { 1, 2, 3, 4 });
                disk.WriteZeroes(8192, 4096, mayUnmap: true);
                disk.WriteZeroes(20480, 512, mayUnmap: false);
                disk.Flush();
                Span<byte> buffer = new byte[4];
                disk.Read(512, buffer);
                Assert.Equal([1, 2, 3, 4], buffer.ToArray());
            }

            byte[] content = File.ReadAllBytes(path);
            Assert.All(content[8192..12288], value => Assert.Equal(0, value));
            Assert.All(content[20480..20992], value => Assert.Equal(0, value));
            Assert.Equal(7, content[12288]);
            Assert.Equal(7, content[20992]);
            Assert.Equal(64 * 1024, content.Length);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_disk_goes_from_machine_to_machine_and_one_at_a_time_has_it()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new byte[4096]);
            using var here = new RawDisk(path, readOnly: false);
            Assert.Contains("being used by another process", Assert.Throws<IOException>(() => new RawDisk(path, readOnly: false)).Message);
            Assert.Throws<IOException>(() => new RawDisk(path, readOnly: true));
            using var there = new RawDisk(path, readOnly: false, isElsewhere: true);
            Assert.Equal(4096, there.Length);
            Assert.Throws<IOException>(there.Take);
            Assert.Throws<IOException>(() => there.Write(0, new byte[512]));
            here.Write(0, new byte[] { 1, 2, 3 });
            here.HandOver();
            Assert.Throws<IOException>(() => here.Write(0, new byte[512]));
            there.Take();
            Span<byte> buffer = new byte[3];
            there.Read(0, buffer);
            Assert.Equal([1, 2, 3], buffer.ToArray());
            Assert.Throws<IOException>(here.Take);
            there.HandOver();
            here.Take();
            here.HandOver();
            File.WriteAllBytes(path, new byte[512]);
            Assert.Contains("4096 bytes and has 512 now", Assert.Throws<IOException>(there.Take).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Read_only_disks_may_have_many_machines()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new byte[4096]);
            using var one = new RawDisk(path, readOnly: true);
            using var two = new RawDisk(path, readOnly: true);
            Assert.Throws<IOException>(() => new RawDisk(path, readOnly: false));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Raw_disks_of_part_of_a_sector_are_refused()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new byte[1000]);
            string message = Assert.Throws<IOException>(() => new RawDisk(path, readOnly: true)).Message;
            Assert.Contains("1000 bytes long, which is not a multiple of 512", message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private void PutRange(int index, ulong sector, uint sectors, uint flags)
    {
        Span<byte> range = driver.Memory[VirtioDriver.Data + ((ulong)index * 16), 16];
        BinaryPrimitives.WriteUInt64LittleEndian(range, sector);
        BinaryPrimitives.WriteUInt32LittleEndian(range[8..], sectors);
        BinaryPrimitives.WriteUInt32LittleEndian(range[12..], flags);
    }

    private static void PutHeader(VirtioDriver driver, uint type, ulong sector, ulong header)
    {
        driver.Memory.At<uint>(header) = type;
        driver.Memory.At<ulong>(header + 8) = sector;
    }

    private byte Request(uint type, ulong sector, uint length, ushort direction) => Request(driver, type, sector, length, direction, 0);

    private static byte Request(VirtioDriver driver, uint type, ulong sector, uint length, ushort direction, int slot)
    {
        driver.Memory.At<byte>(StatusByte + (ulong)slot) = 0xFF;
        Submit(driver, type, sector, length, direction, slot, VirtioDriver.Data);
        return driver.Memory.At<byte>(StatusByte + (ulong)slot);
    }

    private static void Submit(VirtioDriver driver, uint type, ulong sector, uint length, ushort direction, int slot, ulong data)
    {
        ulong header = Header + ((ulong)slot * 16);
        var first = (ushort)(slot * 3);
        PutHeader(driver, type, sector, header);
        driver.Describe(first, header, 16, VirtioDriver.Next, (ushort)(length == 0 ? first + 2 : first + 1));
        driver.Describe(first + 1, data, length, (ushort)(direction | VirtioDriver.Next), (ushort)(first + 2));
        driver.Describe(first + 2, StatusByte + (ulong)slot, 1, VirtioDriver.Write);
        driver.Submit(first);
    }
}
