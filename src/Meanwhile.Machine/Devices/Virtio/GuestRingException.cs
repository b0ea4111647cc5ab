namespace Meanwhile.Machine.Devices.Virtio;

/// <summary>
/// The guest gave the device a ring, descriptor or request that the specification forbids. The device goes into NEEDS_RESET.
/// </summary>
internal sealed class GuestRingException(string message) : Exception(message);

/// <summary>The queue was closed (device reset) while a request on it was under way: the request ends without a trace.</summary>
internal sealed class QueueClosedException : Exception;
