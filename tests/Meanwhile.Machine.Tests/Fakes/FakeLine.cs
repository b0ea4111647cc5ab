using Meanwhile.Hypervisor.Devices;

namespace Meanwhile.Machine.Tests.Fakes;

public sealed class FakeLine : IInterruptLine
{
    public bool IsHigh { get; private set; }

    public int RisingEdges { get; private set; }

    public void SetLevel(bool asserted)
    {
        if (asserted && !IsHigh)
            RisingEdges++;
        IsHigh = asserted;
    }
}
