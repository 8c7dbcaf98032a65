"""Line plots as SVG, with logarithmic axes, without any library."""
import html
import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 460, 300, 64, 16, 34, 46
COLOURS = ["#1f5fa8", "#c4581c", "#3a7d44", "#7a4ea3"]


def plot(title, x_label, y_label, series):
    """An SVG of series, {name: [(x, y), …]}, all numbers above 0."""
    xs = [x for points in series.values() for x, _ in points]
    ys = [y for points in series.values() for _, y in points]
    x_range, y_range = decades(xs, tight=True), decades(ys)

    def place(x, y):
        across = (math.log10(x) - x_range[0]) / (x_range[1] - x_range[0])
        up = (math.log10(y) - y_range[0]) / (y_range[1] - y_range[0])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="18" font-size="13" font-weight="bold">{html.escape(title)}, {html.escape(y_label)}</text>',
    ]
    for power in range(math.ceil(y_range[0] - 1e-9), math.floor(y_range[1] + 1e-9) + 1):
        x, y = place(min(xs), 10.0 ** power)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{number(10.0 ** power)}</text>')
    for value in sorted(set(xs)):
        x, _ = place(value, 10.0 ** y_range[0])
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{number(value)}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{html.escape(x_label)}</text>')
    for position, (name, points) in enumerate(series.items()):
        colour = COLOURS[position % len(COLOURS)]
        line = " ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += ['<circle cx="{:.1f}" cy="{:.1f}" r="3" fill="{}"/>'.format(*place(x, y), colour) for x, y in points]
        parts.append(
            f'<text x="{LEFT + 10}" y="{TOP + 14 + 15 * position}" fill="{colour}">{html.escape(name)}</text>')
    return "\n".join(parts) + "\n</svg>\n"


def decades(values, tight=False):
    """The logarithms between which an axis runs."""
    low, high = math.log10(min(values)), math.log10(max(values))
    if tight:
        margin = max(0.05, 0.04 * (high - low))
        return low - margin, high + margin
    low, high = math.floor(low), math.ceil(high)
    return low, max(high, low + 1)


def number(value):
    for limit, unit in ((1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:.3g}{unit}"
    return f"{value:g}"
