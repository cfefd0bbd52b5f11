print("heloscope")
