using CsCheck;

namespace Meanwhile.Memory.Tests;

public class PageBitmap_Tests
{
    [Fact]
    public void Does_what_a_set_does() => Gen.Select(
        Gen.Int[1, 200],
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 199], Gen.Int[0, 199]).Array[0, 40]).Sample(static (count, operations) =>
        {
            var bitmap = new PageBitmap(count);
            SortedSet<long> model = [];
            foreach ((int kind, int first, int length) in operations)
            {
                long page = first % count;
                long run = Math.Min(length, count - page);
                switch (kind)
                {
                    case 0:
                        Assert.Equal(model.Add(page), bitmap.Add(page));
                        break;
                    case 1:
                        Assert.Equal(model.Remove(page), bitmap.Remove(page));
                        break;
                    case 2:
                        bitmap.AddRange(page, run);
                        model.UnionWith(Range(page, run));
                        break;
                    case 3:
                        bitmap.ExceptWith(Bitmap(count, page, run));
                        model.ExceptWith(Range(page, run));
                        break;
                    case 4:
                        bitmap.UnionWith(Bitmap(count, page, run));
                        model.UnionWith(Range(page, run));
                        break;
                    case 5:
                        bitmap.IntersectWith(Bitmap(count, page, run));
                        model.IntersectWith(Range(page, run));
                        break;
                    case 6:
                        // Counted in between, so that what follows starts from a count.
                        Assert.Equal(model.Count, bitmap.CountPages());
                        break;
                    default:
                        bitmap.AddAll();
                        model.UnionWith(Range(0, count));
                        break;
                }
            }
            Assert.Equal(model.Count, bitmap.CountPages());
            Assert.Equal(model.Count == 0, bitmap.IsEmpty);
            for (long page = 0; page < count; page++)
            {
                Assert.Equal(model.Contains(page), bitmap[page]);
                Assert.Equal(Range(page, count - page).FirstOrDefault(model.Contains, count), bitmap.NextPage(page));
                Assert.Equal(Range(page, count - page).FirstOrDefault(other => !model.Contains(other), count), bitmap.NextGap(page));
            }
            Assert.Equal(count, bitmap.NextPage(count));
            Assert.Equal(count, bitmap.NextGap(count));
        });

    [Fact]
    public void Refuses_pages_outside_RAM()
    {
        var bitmap = new PageBitmap(70);
        Assert.Throws<ArgumentOutOfRangeException>(() => bitmap.Add(70));
        Assert.Throws<ArgumentOutOfRangeException>(() => bitmap.Add(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => bitmap[70]);
        Assert.Throws<ArgumentOutOfRangeException>(() => bitmap.AddRange(1, 70));
        Assert.Throws<ArgumentOutOfRangeException>(() => bitmap.AddRange(1, long.MaxValue));
        Assert.Throws<ArgumentException>(() => bitmap.UnionWith(new PageBitmap(64)));
        Assert.True(bitmap.IsEmpty);
    }

    private static IEnumerable<long> Range(long first, long count)
    {
        for (long page = first; page < first + count; page++)
            yield return page;
    }

    private static PageBitmap Bitmap(long count, long first, long run)
    {
        var bitmap = new PageBitmap(count);
        bitmap.AddRange(first, run);
        return bitmap;
    }
}
