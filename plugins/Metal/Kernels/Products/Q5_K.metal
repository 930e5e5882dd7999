#include "Formats/Q5_K.metal"
#include "Products/MatVec.metal"
#include "Products/MatMat.metal"
#include "Products/GetRows.metal"

template [[host_name("mat_vec_q5_k")]] kernel decltype(mat_vec<Q5_K>) mat_vec<Q5_K>;
template [[host_name("mat_mat_q5_k")]] kernel decltype(mat_mat<Q5_K>) mat_mat<Q5_K>;
template [[host_name("get_rows_q5_k")]] kernel decltype(get_rows<Q5_K>) get_rows<Q5_K>;
