namespace Meanwhile.Arm64.Translator;

/// <summary>What code is specialised for, besides its physical address: part of a unit's key.</summary>
[Flags]
internal enum UnitMode : byte
{
    /// <summary>EL0, FP trapped, in the lower address range.</summary>
    None = 0,

    /// <summary>Executes at EL1.</summary>
    El1 = 1,

    /// <summary>FP and Advanced SIMD instructions execute (CPACR_EL1.FPEN).</summary>
    FpEnabled = 2,

    /// <summary>Executes in the upper address range, where its data is expected too.</summary>
    UpperRange = 4,
}
