namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>All floating-point translations. They use VEX encodings: without AVX their handlers execute them.</summary>
internal static class FloatingPointTranslations
{
    /// <summary>Traits of instructions that the host's arithmetic executes, and their handlers when it does not do.</summary>
    public const Traits ByHost = Traits.MayLeave | Traits.KeepsVectorCopies;

    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        FloatMoves.AddTo(lines);
        FloatArithmetic.AddTo(lines);
        FloatMultiplyAdd.AddTo(lines);
        FloatMinMax.AddTo(lines);
        FloatCompare.AddTo(lines);
        FloatVectorCompare.AddTo(lines);
        FloatRound.AddTo(lines);
        FloatFormats.AddTo(lines);
        FloatFromInteger.AddTo(lines);
        FloatToInteger.AddTo(lines);
    }
}
