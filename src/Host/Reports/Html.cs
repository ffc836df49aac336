using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace BrainModular.Host.Reports;

/// <summary>Text that is HTML already. Everything else that is put into it is escaped, so that nothing from a file can become markup.</summary>
internal readonly record struct Html(string Text)
{
    public static readonly Html Empty = new("");

    /// <summary>HTML from an interpolated string: its literal parts are markup, its holes are escaped unless they are HTML.</summary>
    public static Html Of(HtmlInterpolation markup) => new(markup.ToString());

    /// <summary>The parts for which a thing was made, one after the other.</summary>
    public static Html Each<T>(IEnumerable<T> things, Func<T, Html> make) => new(string.Concat(things.Select(thing => make(thing).Text)));

    public static Html If(bool condition, Func<Html> make) => condition ? make() : Empty;

    public override string ToString() => Text;
}

/// <summary>Receives the parts of an interpolated string for <see cref="Html.Of"/>.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlInterpolation(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + 16 * formattedCount);

    public void AppendLiteral(string markup) => _text.Append(markup);

    public void AppendFormatted(Html html) => _text.Append(html.Text);

    public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(text));

    public void AppendFormatted(long number) => _text.Append(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
