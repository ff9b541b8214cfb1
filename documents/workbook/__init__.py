"""A campaign as a workbook whose figures are formulas on its counts and on the cells of its rules."""
