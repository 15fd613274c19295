"""PDF 文件: a document in plain values becomes a PDF, set by typst in this process. No network, no shell, no template
that reads what people wrote as code: every word goes in as data.
"""
