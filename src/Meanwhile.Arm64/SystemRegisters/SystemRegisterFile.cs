namespace Meanwhile.Arm64.SystemRegisters;

/// <summary>EL1 and EL0 system registers that this PE owns and that instructions or the MMU read often. Names are the manual's.</summary>
public unsafe struct SystemRegisterFile
{
#pragma warning disable CS1591 // The names are their own documentation: DDI0487 D17.
    public ulong SctlrEl1, Ttbr0El1, Ttbr1El1, TcrEl1, MairEl1, AmairEl1, VbarEl1;
    public ulong EsrEl1, FarEl1, ElrEl1, SpsrEl1, Afsr0El1, Afsr1El1, ParEl1;
    public ulong ContextidrEl1, TpidrEl0, TpidrroEl0, TpidrEl1, CpacrEl1, CntkctlEl1, CsselrEl1;
    public ulong MdscrEl1, OslarEl1, OslsrEl1, OsdlrEl1, ActlrEl1;
    public ulong MidrEl1, MpidrEl1;
    public ulong MdccintEl1, OseccrEl1, OsdtrrxEl1, OsdtrtxEl1, DbgprcrEl1, DbgclaimEl1;
    public fixed ulong Dbgbvr[2], Dbgbcr[2], Dbgwvr[2], Dbgwcr[2];
#pragma warning restore CS1591
}
