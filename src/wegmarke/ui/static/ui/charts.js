/* Draws the figures of ui/components/chart.html with ECharts. The data stand beside each figure as JSON; all texts
   in them are formatted and translated already. Nothing is animated, everything is redrawn when the theme or the
   width changes, and text is only ever put in as text. */
(function () {
  "use strict";

  // Okabe and Ito: told apart with every kind of colour vision, and by shape besides. The colours are the page's
  // own tokens (ui/wegmarke.css); each has its twin for the dark page.
  const ROLES = {
    bad: { token: "--wm-bad", shape: "diamond" },
    warn: { token: "--wm-chart-2", shape: "triangle" },
    good: { token: "--wm-good", shape: "rect" },
    accent: { token: "--wm-chart-3", shape: "circle" },
    quiet: { token: "--wm-chart-8", shape: "circle" },
    unknown: { token: "--wm-chart-axis", shape: "circle" },
  };
  const NARROW = 560;
  const charts = new Map();
  // Where the page names ECharts here it is fetched once the page is painted: it is a megabyte to run.
  const library = document.currentScript && document.currentScript.dataset.library;

  function look(element) {
    const style = getComputedStyle(element);
    const token = (name) => style.getPropertyValue(name).trim();
    const text = token("--wm-chart-text") || style.color;
    return {
      text, font: style.fontFamily,
      muted: text,
      line: token("--wm-chart-grid"),
      faint: token("--wm-neutral-ground"),
      ground: token("--wm-chart-ground"),
      color: (role) => token((ROLES[role] || ROLES.accent).token),
      shape: (role) => (ROLES[role] || ROLES.accent).shape,
    };
  }

  const language = () => document.documentElement.lang || "en";

  function axisText(unit) {
    const format = new Intl.NumberFormat(language(), { maximumFractionDigits: 2 });
    const signed = new Intl.NumberFormat(language(), { maximumFractionDigits: 2, signDisplay: "exceptZero" });
    const percent = new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 1 });
    const compact = new Intl.NumberFormat(language(), { notation: "compact", maximumFractionDigits: 1 });
    return (value) => {
      if (unit === "points" || unit === "net") { return signed.format(value * 100).replace("-", "\u2212"); }
      if (unit === "percent") { return percent.format(value); }
      if (unit === "ratio") { return format.format(value); }
      return Math.abs(value) >= 10000 ? compact.format(value) : format.format(value);
    };
  }

  function base(theme) {
    return {
      animation: false, backgroundColor: "transparent",
      textStyle: { color: theme.text, fontFamily: theme.font, fontSize: 12 },
      aria: { enabled: false }, tooltip: { show: false },
    };
  }

  function valueAxis(data, theme, extra) {
    const axis = data.axis || {};
    return Object.assign({
      type: data.log ? "log" : "value", logBase: 2, name: axis.name || "", nameLocation: "middle", nameGap: 28,
      nameTextStyle: { color: theme.muted }, axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { color: theme.muted, formatter: axisText(axis.unit), hideOverlap: true },
      splitLine: { lineStyle: { color: theme.line } },
    }, extra || {});
  }

  /* Ends of an axis that hold every interval and the places that must be seen; an open end is cut, not drawn on. */
  function ends(items, places, log) {
    const values = places.slice();
    items.forEach((item) => {
      [item.low, item.high, item.estimate, item.crude].forEach((v) => { if (Number.isFinite(v)) { values.push(v); } });
    });
    let low = Math.min.apply(null, values), high = Math.max.apply(null, values);
    if (log) { return [Math.max(low, 0.05) / 1.15, Math.min(high, 64) * 1.15]; }
    const room = (high - low || 1) * 0.06;
    if (places.includes(0) && low === 0) { return [0, high + room]; }
    return [low - room, high + room];
  }

  /* The same ends at round places: about `count` steps of 1, 2, 2.5 or 5 times a power of ten. */
  function roundAxis(range, count, scale) {
    const least = (range[1] - range[0]) / count * scale, power = Math.pow(10, Math.floor(Math.log10(least)));
    const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= least * 0.999) * power / scale;
    return { min: Math.floor(range[0] / step) * step, max: Math.ceil(range[1] / step) * step, interval: step };
  }

  function mark(shape, x, y, r, style) {
    if (shape === "diamond") {
      return { type: "polygon", shape: { points: [[x, y - r * 1.2], [x + r * 1.2, y], [x, y + r * 1.2], [x - r * 1.2, y]] }, style };
    }
    if (shape === "triangle") {
      return { type: "polygon", shape: { points: [[x, y - r * 1.1], [x + r * 1.1, y + r], [x - r * 1.1, y + r]] }, style };
    }
    if (shape === "rect") { return { type: "rect", shape: { x: x - r * 0.9, y: y - r * 0.9, width: r * 1.8, height: r * 1.8 }, style }; }
    return { type: "circle", shape: { cx: x, cy: y, r }, style };
  }

  function whisker(x1, x2, y, cap, color, width) {
    const style = { stroke: color, lineWidth: width || 2 };
    return [
      { type: "line", shape: { x1, y1: y, x2, y2: y }, style },
      { type: "line", shape: { x1, y1: y - cap, x2: x1, y2: y + cap }, style },
      { type: "line", shape: { x1: x2, y1: y - cap, x2, y2: y + cap }, style },
    ];
  }

  function words(text, x, y, width, style) {
    return { type: "text", style: Object.assign({ text, x, y, width, overflow: "truncate", ellipsis: "…", verticalAlign: "middle" }, style) };
  }

  /* Words that may stand on a line get the ground behind them. */
  function covered(theme, style) {
    return Object.assign({ backgroundColor: theme.ground, padding: [2, 3] }, style);
  }

  /* One row per item: name, picture, figures in words. Narrow screens set the words above the picture. */
  function rows(data, theme, box) {
    const items = data.items, narrow = box.width < NARROW;
    const bars = data.shape === "bars";
    const rowHeight = narrow ? 54 : 32;
    const top = data.band && data.band.text ? 26 : 8;
    const bottom = data.axis && data.axis.name ? 50 : 28;
    const height = items.length * rowHeight + top + bottom;
    const left = narrow ? 6 : Math.min(300, Math.max(110, box.width * 0.3));
    const right = narrow ? 14 : Math.min(250, Math.max(120, box.width * 0.24));
    const reference = data.reference === undefined ? 0 : data.reference;
    const places = [reference].concat(data.band ? [data.band.low, data.band.high] : [], data.most ? [data.most] : []);
    const range = ends(items, places, data.log);

    function render(params, api) {
      const item = items[params.dataIndex];
      const clamp = (v) => Math.min(range[1], Math.max(range[0], v));
      const at = (v) => api.coord([clamp(v), params.dataIndex])[0];
      const middle = api.coord([range[0], params.dataIndex])[1];
      const y = narrow ? middle + 12 : middle;
      const color = theme.color(item.role);
      const known = Number.isFinite(item.estimate);
      const text = (narrow && item.brief) || item.text || "";
      const children = [];
      if (narrow && data.band) {
        const from = at(data.band.low), to = at(data.band.high);
        children.push({ type: "rect", shape: { x: from, y: y - 11, width: to - from, height: 22 }, style: { fill: theme.faint } });
      }
      if (narrow && !bars) {
        children.push({ type: "line", shape: { x1: at(reference), y1: y - 11, x2: at(reference), y2: y + 11 }, style: { stroke: theme.muted, lineWidth: 1 } });
      }
      if (known && bars) {
        const a = at(reference), b = at(item.estimate), half = narrow ? 7 : 8;
        children.push({ type: "rect", shape: { x: Math.min(a, b), y: y - half, width: Math.max(1, Math.abs(b - a)), height: 2 * half, r: 2 }, style: { fill: color, opacity: item.high === undefined ? 0.85 : 0.42 } });
      }
      if (known && Number.isFinite(item.low) && Number.isFinite(item.high)) {
        whisker(at(item.low), at(item.high), y, 5, color).forEach((c) => children.push(c));
      }
      if (Number.isFinite(item.crude)) {
        children.push(mark("circle", at(item.crude), y, 4.5, { fill: theme.ground, stroke: theme.muted, lineWidth: 1.5 }));
      }
      if (known && !bars) { children.push(mark(theme.shape(item.role), at(item.estimate), y, 5.5, { fill: color })); }
      const name = (item.mark ? item.mark + " " : "") + item.label;
      if (narrow) {
        const figures = Math.min(box.width * 0.6, text.length * 6.4 + 8);
        children.push(words(name, 3, middle - 11, box.width - figures - 24, { fill: theme.text, align: "left", fontSize: 12.5, fontFamily: theme.font }));
        children.push(words(text, box.width - 5, middle - 11, figures, { fill: theme.muted, align: "right", fontSize: 11.5, fontFamily: theme.font }));
      } else {
        children.push(words(name, left - 10, middle, left - 18, { fill: theme.text, align: "right", fontSize: 12.5, fontFamily: theme.font }));
        children.push(words(text, box.width - right + 12, middle, right - 16, { fill: theme.muted, align: "left", fontSize: 12, fontFamily: theme.font }));
      }
      return { type: "group", children };
    }

    const lines = narrow ? [] : [{ xAxis: reference, lineStyle: { color: theme.muted, type: "solid", width: 1 } }];
    const series = [{
      type: "custom", renderItem: render, data: items.map((item, i) => [reference, i]), encode: { x: 0, y: 1 }, clip: false, z: 3,
      markLine: { silent: true, symbol: "none", label: { show: false }, data: lines },
      markArea: data.band && !narrow ? { silent: true, itemStyle: { color: theme.faint }, label: { color: theme.muted, fontSize: 11, position: "top", formatter: data.band.text || "" }, data: [[{ xAxis: data.band.low }, { xAxis: data.band.high }]] } : undefined,
    }];
    const xAxis = [valueAxis(data, theme, { min: range[0], max: range[1], splitNumber: narrow ? 3 : 5 })];
    xAxis[0].splitLine.show = !narrow;
    roundEnds(xAxis[0], data, bars, range);
    if (data.cumulated && !narrow) {
      xAxis.push({ type: "value", min: 0, max: 1, show: false });
      series.push({
        type: "line", xAxisIndex: 1, data: items.map((item, i) => [item.cumulated, i]), symbol: "circle", symbolSize: 6,
        itemStyle: { color: theme.text }, lineStyle: { color: theme.muted, width: 1.5, type: "dashed" }, z: 4, silent: true,
      });
    }
    return {
      height,
      option: Object.assign(base(theme), {
        graphic: narrow && data.band && data.band.text ? [{ type: "text", left: 3, top: 4, style: { text: "▒ " + data.band.text, fill: theme.muted, fontSize: 11, fontFamily: theme.font } }] : [],
        grid: { left, right, top, bottom, containLabel: false }, xAxis,
        yAxis: { type: "category", inverse: true, show: false, data: items.map((_, i) => i) }, series,
      }),
    };
  }

  /* Ticks at round places although the ends are not: the ends themselves carry no label. */
  function roundEnds(axis, data, bars, range) {
    axis.axisLabel.showMinLabel = bars && range[0] === 0;
    axis.axisLabel.showMaxLabel = false;
    if (data.log) {
      axis.axisLabel.showMinLabel = false;
    }
  }

  function line(data, theme, box) {
    const points = data.points, color = theme.color(data.role || "accent");
    const narrow = box.width < NARROW;
    const known = points.filter((p) => Number.isFinite(p.estimate));
    const wanted = Number.isFinite(data.reference) ? [data.reference] : [];
    const range = ends(known, (data.zero ? [0] : []).concat(wanted), false);
    // A month that is not wholly in the data is drawn hollow and joined by dots.
    const wholeMonths = points.map((p) => (p.open || !Number.isFinite(p.estimate) ? null : p.estimate));
    const isOpen = (i) => Boolean(points[i] && points[i].open);
    const partMonths = (from, to) => points.map((p, i) => (i >= from && i <= to && (isOpen(i - 1) || isOpen(i) || isOpen(i + 1)) && Number.isFinite(p.estimate) ? p.estimate : null));
    const dotted = (from, to) => ({ type: "line", data: partMonths(from, to), symbol: (v, p) => (isOpen(p.dataIndex) ? "emptyCircle" : "none"), symbolSize: 6, itemStyle: { color }, lineStyle: { color, width: 1.5, type: "dotted" }, silent: true });
    const axis = roundAxis(data.zero && range[0] >= 0 ? [0, range[1]] : range, 4, 100);
    function bars(params, api) {
      const p = points[params.dataIndex];
      if (!Number.isFinite(p.low) || !Number.isFinite(p.high)) { return null; }
      const x = api.coord([params.dataIndex, p.estimate])[0];
      const y1 = api.coord([params.dataIndex, p.low])[1], y2 = api.coord([params.dataIndex, p.high])[1];
      return { type: "line", shape: { x1: x, y1, x2: x, y2 }, style: { stroke: color, lineWidth: narrow ? 4 : 7, opacity: 0.28, lineCap: "round" } };
    }
    const end = points.indexOf(known.filter((p) => !p.open).pop());
    function label(params, api) {
      if (params.dataIndex !== end) { return null; }
      // Where the line comes down to its end, the words go below it, else above.
      const before = points.slice(Math.max(0, end - 6), end).filter((p) => Number.isFinite(p.estimate));
      const falls = before.filter((p) => p.estimate > points[end].estimate).length > before.length / 2;
      const at = api.coord([end, falls ? points[end].low : points[end].high]), right = end > points.length / 2;
      const style = covered(theme, { fill: theme.text, fontWeight: 600, fontSize: 12, fontFamily: theme.font, align: right ? "right" : "left" });
      return words(points[end].text, Math.min(at[0] + (right ? 12 : -4), box.width - 6), Math.max(at[1] + (falls ? 16 : -14), 12), undefined, style);
    }
    return {
      height: narrow ? 220 : 250,
      option: Object.assign(base(theme), {
        grid: { left: 52, right: 18, top: 24, bottom: 30 },
        xAxis: { type: "category", data: points.map((p) => p.label), boundaryGap: true, axisTick: { show: false }, axisLine: { lineStyle: { color: theme.line } }, axisLabel: { color: theme.muted, hideOverlap: true } },
        yAxis: valueAxis(data, theme, Object.assign({ name: "", axisLabel: { color: theme.muted, formatter: axisText((data.axis || {}).unit) } }, axis)),
        series: [
          { type: "custom", renderItem: bars, data: points.map((p, i) => [i, p.estimate]), clip: true, silent: true },
          { type: "line", data: wholeMonths, connectNulls: false, symbol: "circle", symbolSize: 5, itemStyle: { color }, lineStyle: { color, width: 2 }, silent: true,
            markLine: { silent: true, symbol: "none", data: wanted.map((y) => ({ yAxis: y, lineStyle: { color: theme.muted, type: "dashed", width: 1.5 }, label: { show: Boolean(data.reference_text), position: "insideEndTop", formatter: data.reference_text || "", color: theme.muted, fontSize: 12, padding: [0, 14, 0, 0] } })) } },
          dotted(0, 1), dotted(Math.max(2, points.length - 2), points.length),
          { type: "custom", renderItem: label, data: points.map((p, i) => [i, p.estimate]), clip: false, silent: true, z: 6 },
        ],
      }),
    };
  }

  /* The experience along the journey: touchpoints from left to right under their phases, intervals as whiskers. */
  function curve(data, theme, box) {
    if (box.width < 900 || data.items.length > 40) { return curveDown(data, theme, box); }
    const items = data.items, color = theme.color("accent");
    const range = ends(items.filter((i) => Number.isFinite(i.estimate)), [0], false);
    const groups = [];
    items.forEach((item, i) => {
      const lastGroup = groups[groups.length - 1];
      if (lastGroup && lastGroup.name === item.group) { lastGroup.to = i; } else { groups.push({ name: item.group, from: i, to: i }); }
    });
    function render(params, api) {
      const item = items[params.dataIndex];
      if (!Number.isFinite(item.estimate)) { return null; }
      const x = api.coord([params.dataIndex, item.estimate])[0], y = (v) => api.coord([params.dataIndex, v])[1];
      const role = theme.color(item.role), style = { stroke: role, lineWidth: 2 };
      const children = [
        { type: "line", shape: { x1: x, y1: y(item.low), x2: x, y2: y(item.high) }, style },
        { type: "line", shape: { x1: x - 5, y1: y(item.low), x2: x + 5, y2: y(item.low) }, style },
        { type: "line", shape: { x1: x - 5, y1: y(item.high), x2: x + 5, y2: y(item.high) }, style },
        mark(theme.shape(item.role), x, y(item.estimate), 5.5, { fill: role }),
      ];
      return { type: "group", children };
    }
    const longest = Math.max.apply(null, items.map((i) => i.label.length));
    const bottom = Math.min(190, 40 + longest * 5.2);
    return {
      height: 300 + bottom,
      option: Object.assign(base(theme), {
        grid: { left: 56, right: 16, top: 34, bottom },
        xAxis: { type: "category", data: items.map((i) => i.label), axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: theme.text, interval: 0, rotate: 48, width: 170, overflow: "truncate" } },
        yAxis: valueAxis(data, theme, Object.assign({ nameGap: 40, axisLabel: { color: theme.muted, formatter: axisText("net") } }, roundAxis(range, 5, 100))),
        series: [
          { type: "line", data: items.map((i) => (Number.isFinite(i.estimate) ? i.estimate : null)), connectNulls: true, symbol: "none", lineStyle: { color, width: 1.5, opacity: 0.5 }, silent: true, smooth: false,
            markLine: { silent: true, symbol: "none", label: { show: false }, data: [{ yAxis: 0, lineStyle: { color: theme.muted, type: "solid" } }] },
            markArea: { silent: true, label: { color: theme.muted, position: "top", fontWeight: 600 }, data: groups.map((g, k) => [{ name: g.name, xAxis: g.from, itemStyle: { color: k % 2 ? "transparent" : theme.faint } }, { xAxis: g.to }]) } },
          { type: "custom", renderItem: render, data: items.map((i, k) => [k, i.estimate]), clip: false },
        ],
      }),
    };
  }

  function curveDown(data, theme, box) {
    const items = [];
    let group;
    data.items.forEach((item) => {
      const first = item.group !== group;
      group = item.group;
      items.push(Object.assign({}, item, { label: (first ? item.group + " · " : "") + item.label }));
    });
    return rows(Object.assign({}, data, { items, reference: 0 }), theme, box);
  }

  function sankey(data, theme, box) {
    const narrow = box.width < NARROW;
    const most = narrow ? 2 : data.steps || 5;
    const links = data.links.filter((link) => link.step < most);
    const used = new Set();
    links.forEach((link) => { used.add(link.source); used.add(link.target); });
    const nodes = data.nodes.filter((node) => used.has(node.id));
    const labels = new Map(nodes.map((node) => [node.id, node]));
    const columns = new Map();
    nodes.forEach((node) => columns.set(node.step, (columns.get(node.step) || 0) + 1));
    const tallest = Math.max.apply(null, Array.from(columns.values()).concat([1]));
    const room = narrow ? 84 : Math.max(90, (box.width - 30) / (most + 1) - 26);
    return {
      height: Math.max(260, tallest * 46),
      option: Object.assign(base(theme), {
        series: [{
          type: "sankey", left: 4, right: narrow ? 88 : Math.min(170, room + 8), top: 8, bottom: 8, nodeWidth: narrow ? 8 : 12, nodeGap: 18, draggable: false,
          layoutIterations: 24, emphasis: { disabled: true }, silent: true,
          data: nodes.map((node) => ({ name: node.id, depth: node.step, itemStyle: { color: theme.color(node.role || "accent"), borderWidth: 0 } })),
          links: links.map((link) => ({ source: link.source, target: link.target, value: link.value })),
          lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
          label: { color: theme.text, width: room, overflow: "truncate", fontSize: narrow ? 11 : 12, textBorderColor: theme.ground, textBorderWidth: 2,
            formatter: (params) => { const node = labels.get(params.name); return node ? (narrow || !node.text ? node.label : node.text + " " + node.label) : ""; } },
        }],
      }),
    };
  }

  const builders = {
    intervals: rows, line, curve, sankey,
    bars: (data, theme, box) => rows(Object.assign({ shape: "bars" }, data), theme, box),
    funnel: (data, theme, box) => rows(Object.assign({ shape: "bars" }, data), theme, box),
    pareto: (data, theme, box) => rows(Object.assign({ shape: "bars", cumulated: true }, data), theme, box),
  };

  function read(figure) {
    const source = figure.querySelector('script[type="application/json"]');
    return source ? JSON.parse(source.textContent) : null;
  }

  function draw(figure) {
    const stage = figure.querySelector(".wm-chart-stage");
    const state = charts.get(figure);
    const box = { width: stage.clientWidth };
    if (!state || !box.width) { return; }
    const built = builders[figure.dataset.kind](state.data, look(figure), box);
    state.width = box.width;
    if (state.chart) { state.chart.dispose(); }
    stage.style.height = built.height + "px"; // before there is a chart, too: nothing below jumps
    if (!window.echarts) { return; }
    showTools(figure);
    state.chart = window.echarts.init(stage, null, { renderer: "svg", width: box.width, height: built.height });
    state.chart.setOption(built.option);
    state.built = built;
    const items = state.data.items || [];
    if (items.some((item) => item.url)) {
      stage.dataset.link = "";
      state.chart.on("click", (params) => { const item = items[params.dataIndex]; if (item && item.url) { window.location.assign(item.url); } });
    }
  }

  function save(name, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  function picture(figure, format) {
    const state = charts.get(figure);
    const hidden = document.createElement("div");
    const theme = look(figure), width = Math.max(state.width, 900);
    const built = builders[figure.dataset.kind](state.data, theme, { width });
    const chart = window.echarts.init(hidden, null, { renderer: format === "svg" ? "svg" : "canvas", width, height: built.height });
    chart.setOption(Object.assign(built.option, { backgroundColor: theme.ground }));
    if (format === "svg") {
      save(figure.dataset.name + ".svg", new Blob([chart.renderToSVGString()], { type: "image/svg+xml" }));
      chart.dispose();
      return;
    }
    chart.renderToCanvas({ pixelRatio: 2 }).toBlob((blob) => { save(figure.dataset.name + ".png", blob); chart.dispose(); });
  }

  function showTools(figure) {
    const tools = figure.querySelector(".wm-chart-tools");
    if (tools) { tools.hidden = false; }
  }

  function begin(figure) {
    if (charts.has(figure) || !builders[figure.dataset.kind]) { return; }
    const data = read(figure);
    if (!data) { return; }
    charts.set(figure, { data, chart: null, width: 0 });
    draw(figure);
    const tools = figure.querySelector(".wm-chart-tools");
    if (tools) {
      tools.addEventListener("click", (event) => {
        const button = event.target.closest("[data-picture]");
        if (button) { picture(figure, button.dataset.picture); }
      });
    }
    new ResizeObserver(() => {
      const state = charts.get(figure), width = figure.querySelector(".wm-chart-stage").clientWidth;
      if (state && width && width !== state.width) { draw(figure); }
    }).observe(figure);
  }

  function beginAll(root) {
    if (window.echarts || library) { root.querySelectorAll("figure.wm-chart").forEach(begin); }
  }

  function redrawAll() { charts.forEach((_, figure) => (figure.isConnected ? draw(figure) : charts.delete(figure))); }

  function giveUp() { charts.forEach((_, figure) => { figure.querySelector(".wm-chart-stage").style.height = ""; }); }

  function fetchLibrary() {
    const script = document.createElement("script");
    script.src = library;
    script.addEventListener("load", redrawAll);
    script.addEventListener("error", giveUp);
    document.head.append(script);
  }

  function start() {
    beginAll(document);
    if (library && !window.echarts) { requestAnimationFrame(() => setTimeout(fetchLibrary)); }
    new MutationObserver(redrawAll).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
    new MutationObserver(redrawAll).observe(document.body, { attributes: true, attributeFilter: ["data-bs-theme"] });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
    document.body.addEventListener("htmx:afterSwap", (event) => beginAll(event.target));
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
})();
