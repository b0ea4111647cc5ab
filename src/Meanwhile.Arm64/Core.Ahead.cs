namespace Meanwhile.Arm64;

/// <content>Code that a guest will need, translated before it runs here. Any thread; the interpreter has nothing of it.</content>
public sealed unsafe partial class Core
{
    /// <summary>Translates units of a page, named as <see cref="Mmu.WorkingSet.Code"/> names them. A word that names none there is left alone.</summary>
    /// <param name="physicalPage">Address of the page.</param>
    /// <param name="content">Its 4 KiB. Who changes it before the guest runs calls <see cref="ForgetTranslations"/> afterwards.</param>
    /// <param name="units">The words.</param>
    public void TranslateAhead(ulong physicalPage, ReadOnlySpan<byte> content, ReadOnlySpan<ulong> units)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(content.Length, 0x1000, nameof(content));
        if (translated is not { } cache)
            return;
        // The translator reads within the page, and keeps no address of it.
        fixed (byte* page = content)
        {
            foreach (ulong unit in units)
                cache.TranslateAhead(unit, physicalPage, page, PerfMap);
        }
    }

    /// <summary>The content of a page has changed by no PE's doing.</summary>
    public void ForgetTranslations(ulong physicalPage) => translated?.Invalidate(physicalPage);
}
