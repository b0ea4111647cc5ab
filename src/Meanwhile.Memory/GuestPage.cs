namespace Meanwhile.Memory;

/// <summary>What <see cref="GuestRam.Resolve"/> found.</summary>
public enum GuestPageState
{
    /// <summary>The page is resident and may be used through its host address until the invalidation listeners are asked to forget it.</summary>
    Resident,

    /// <summary>The page's content is elsewhere, on its way in, on its way out, or there is no free frame for it: <see cref="GuestRam.Request"/> it.</summary>
    NotPresent,
}

/// <summary>What <see cref="GuestRam.TryFetch"/> did.</summary>
public enum FetchOutcome
{
    /// <summary>A read was started.</summary>
    Started,

    /// <summary>The page's content is not in the origin, or it is on its way already.</summary>
    NotAbsent,

    /// <summary>No frame is free for a page that nobody waits for.</summary>
    NoFrame,
}

/// <summary>Who caches host addresses of guest pages (a vCPU's TLB) and must forget them before the pages lose their memory.</summary>
public interface IInvalidationListener
{
    /// <summary>
    /// Forget all cached host addresses, then call <paramref name="acknowledge"/> once, on any thread. May be called from any thread and
    /// with the memory system's lock held: it must not block nor call back inline into <see cref="GuestRam"/> except through
    /// <paramref name="acknowledge"/>, which may be called inline.
    /// </summary>
    void RequestInvalidation(Action acknowledge);
}
