namespace Meanwhile.Arm64.Translator;

/// <summary>What the host's flags hold of the guest's NZCV at a point of emission.</summary>
internal enum FlagsForm
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>SF, ZF, OF are N, Z, V, and CF is the complement of C, as after a subtraction. Also the form in memory.</summary>
    Subtraction,

    /// <summary>SF, ZF, OF, CF are N, Z, V, C.</summary>
    Addition,
}
